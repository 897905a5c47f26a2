package model

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"bnlab/blas"
)

// ErrFile is wrapped by every error about the content of a saved net.
var ErrFile = errors.New("bad saved network")

// Saved is a saved net: its shape, its metadata and its numbers.
type Saved struct {
	In, Out   int
	Hidden    []int
	BatchNorm bool
	Bits      int               // 32 or 64, of every number
	Metadata  map[string]string // as in the file; may be nil

	values  [][]float64 // of each tensor, in the order of Network.Tensors
	tracked []int64     // with batch normalisation, batches seen by each hidden layer
}

// Spec returns the shape of the net, for at most maxRows input rows.
func (s *Saved) Spec(eps, alpha float64, maxRows int) Spec {
	spec := Spec{In: s.In, Hidden: slices.Clone(s.Hidden), Out: s.Out, Nets: 1, Eps: eps, Alpha: alpha, MaxRows: maxRows}
	if s.BatchNorm {
		spec.BatchNorm = 1
	}
	return spec
}

// Bytes returns roughly how much memory is needed to read the net, which takes twice
// the file, and to Restore it for at most maxRows input rows.
func (s *Saved) Bytes(maxRows int) float64 {
	spec, size := s.Spec(0, 0, maxRows), float64(s.Bits/8)
	return (2*size+8)*float64(spec.Parameters()) + size*spec.Elements()
}

// Restore creates a network of one net with the numbers of s, converted to T. The file
// does not hold ε and α of batch normalisation (Spec.Eps, Spec.Alpha), so the caller
// passes them, and maxRows, the maximum number of input rows. A number too large for T
// is an error that wraps ErrFile.
func Restore[T blas.Float](s *Saved, eps, alpha float64, maxRows int) (*Network[T], error) {
	net, err := New[T](s.Spec(eps, alpha, maxRows))
	if err != nil {
		return nil, err
	}
	for i, t := range net.Tensors(0) {
		for j, v := range s.values[i] {
			t.Data[j] = T(v)
			if math.IsInf(float64(t.Data[j]), 0) {
				return nil, fmt.Errorf("%w: tensor %q: element %d, %g, is too large for float32: load it as float64", ErrFile, t.Name, j, v)
			}
		}
	}
	for l, n := range s.tracked {
		net.layers[l].bn.tracked = n
	}
	return net, nil
}
