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
	In, Out    int
	Hidden     []int
	BatchNorm  bool
	LayerNorm  bool
	NormAfter  bool              // the normalisation is after the activation
	NormLayers []int             // hidden layers that normalise, 1 for the first; nil for all or none
	Bits       int               // 32 or 64, of every number
	Metadata   map[string]string // as in the file; may be nil

	values  [][]float64 // of each tensor, in the order of Network.Tensors
	tracked []int64     // batches seen by each hidden layer, 0 without batch normalisation
}

// Spec returns that of the net: with its shape, and the rest as in with.
func (s *Saved) Spec(with Spec) Spec {
	with.In, with.Hidden, with.Out = s.In, slices.Clone(s.Hidden), s.Out
	with.Nets, with.BatchNorm, with.LayerNorm = 1, 0, s.LayerNorm
	with.NormAfter, with.NormLayers = s.NormAfter, s.NormLayers
	if s.BatchNorm {
		with.BatchNorm = 1
	}
	return with
}

// Bytes returns roughly how much memory is needed to read the net, which takes twice
// the file, and to Restore it for at most maxRows input rows.
func (s *Saved) Bytes(maxRows int) float64 {
	spec, size := s.Spec(Spec{MaxRows: maxRows}), float64(s.Bits/8)
	return (2*size+8)*float64(spec.Parameters()) + size*spec.Elements()
}

// Restore creates a network of one net with the numbers of s, converted to T. What the
// tensors do not tell, all but the shape, is taken from with. A number too large for T is
// an error that wraps ErrFile.
func Restore[T blas.Float](s *Saved, with Spec) (*Network[T], error) {
	net, err := New[T](s.Spec(with))
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
		if bn := net.layers[l].bn; bn != nil {
			bn.tracked = n
		}
	}
	return net, nil
}
