package blas

// Dropout multiplies each element of s by 0 with probability p, from 0 up to, not including,
// 1, and by 1/(1−p) otherwise (Srivastava et al. 2014, inverted). Which ones it drops follows
// from key, p and the place in s alone, so that it is the same again where the gradient
// passes, after a resume, and beside other networks. A NaN stays a NaN.
//
// Element number i of s, row by row, stays if hash(i) ≥ p·2³², where hash is the finalizer
// of MurmurHash3, twice, each time with a half of the key.
func Dropout[T Float](key uint64, p float64, s Matrix[T]) {
	if empty(s) {
		return
	}
	note(Call{Name: "Dropout", M: s.Rows, N: s.Cols})
	of[T]().dropout(uint32(key), uint32(key>>32), uint32(p*(1<<32)), T(1/(1-p)), s)
}

func (goKernels[T]) dropout(low, high, least uint32, scale T, s Matrix[T]) {
	for i := range s.Rows {
		row := s.Row(i)
		for j := range row {
			if hash := finalize(finalize(uint32(i*s.Cols+j)*goldenRatio+low) + high); hash >= least {
				row[j] *= scale
			} else {
				row[j] *= 0
			}
		}
	}
}

// goldenRatio spreads successive numbers: 2³² divided by it.
const goldenRatio = 0x9e3779b9

func finalize(h uint32) uint32 {
	h ^= h >> 16
	h *= 0x85ebca6b
	h ^= h >> 13
	h *= 0xc2b2ae35
	return h ^ h>>16
}
