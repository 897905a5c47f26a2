package blas

// Dropout multiplies each element of s by 0 with probability p, from 0 up to, not including,
// 1, and by 1/(1−p) otherwise (Srivastava et al. 2014, inverted). Which ones it drops follows
// from key, p and the place in s alone, so that it is the same again where the gradient
// passes, after a resume, and beside other networks. A NaN stays a NaN.
//
// Element j of row i stays if f(row + j·φ) ≥ p·2³² with row = f(f(i·φ + low) + high), where
// f is the finalizer of MurmurHash3, φ is goldenRatio, and low and high are the halves of
// the key. So an element costs one f, and two rows are parts of one long sequence.
func Dropout[T Float](key uint64, p float64, s Matrix[T]) {
	if empty(s) {
		return
	}
	note(Call{Name: "Dropout", M: s.Rows, N: s.Cols})
	of[T]().dropout(uint32(key), uint32(key>>32), uint32(p*(1<<32)), T(1/(1-p)), s)
}

func (goKernels[T]) dropout(low, high, least uint32, scale T, s Matrix[T]) {
	for i := range s.Rows {
		row, start := s.Row(i), finalize(finalize(uint32(i)*goldenRatio+low)+high)
		for j := range row {
			if finalize(start+uint32(j)*goldenRatio) >= least {
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
