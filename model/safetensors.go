package model

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/nlpodyssey/safetensors"

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

// Save writes net k in the safetensors format, in the precision of T, with the names
// and shapes of PyTorch's Sequential(Linear, BatchNorm1d, ReLU, …, Linear). The same
// net and metadata give the same bytes. Anything that ReadSaved would refuse, such
// as a NaN, is an error, and then nothing is written.
func (net *Network[T]) Save(w io.Writer, k int, metadata map[string]string) error {
	dtype := safetensors.F32
	if binary.Size(T(0)) == 8 {
		dtype = safetensors.F64
	}
	views := make(map[string]view)
	for _, t := range net.Tensors(k) {
		views[t.Name] = newView(dtype, t.Data, t.Shape...)
		if t.Kind == RunVar {
			name := strings.Replace(t.Name, "running_var", "num_batches_tracked", 1)
			views[name] = newView(safetensors.I64, net.layers[t.Layer-1].bn.tracked)
		}
	}
	file, err := safetensors.Serialize(views, metadata)
	if err != nil {
		return fmt.Errorf("model: net cannot be saved: %w", err)
	}
	s, err := parse(file)
	switch {
	case err != nil:
		return fmt.Errorf("model: net cannot be saved: %w", err)
	case !maps.Equal(s.Metadata, metadata):
		return errors.New("model: net cannot be saved: metadata is not UTF-8")
	}
	_, err = w.Write(file)
	return err
}

// view is a tensor as the format's writer wants it.
type view struct {
	dtype safetensors.DType
	shape []uint64
	data  []byte
}

func newView(dtype safetensors.DType, values any, shape ...int) view {
	v := view{dtype: dtype, shape: make([]uint64, len(shape))}
	for i, n := range shape {
		v.shape[i] = uint64(n)
	}
	v.data, _ = binary.Append(nil, binary.LittleEndian, values)
	return v
}

func (v view) DType() safetensors.DType { return v.dtype }
func (v view) Shape() []uint64          { return v.shape }
func (v view) Data() []byte             { return v.data }
func (v view) DataLen() uint64          { return uint64(len(v.data)) }

// Spec returns the shape of the net, for at most maxRows input rows.
func (s *Saved) Spec(eps, alpha float64, maxRows int) Spec {
	spec := Spec{In: s.In, Hidden: slices.Clone(s.Hidden), Out: s.Out, Nets: 1, Eps: eps, Alpha: alpha, MaxRows: maxRows}
	if s.BatchNorm {
		spec.BatchNorm = 1
	}
	return spec
}

// Bytes returns about how much memory it takes to read the net, of which the file is
// there twice on the way, and to Restore it for at most maxRows input rows.
func (s *Saved) Bytes(maxRows int) float64 {
	spec, size := s.Spec(0, 0, maxRows), float64(s.Bits/8)
	return (2*size+8)*float64(spec.Parameters()) + size*spec.Elements()
}

// Restore makes a network of one net with the numbers of s, converted to T. The file
// does not hold ε and α of batch normalisation (Spec.Eps, Spec.Alpha), so the caller
// gives them, along with maxRows, the most input rows. A number too large for T is
// an error that wraps ErrFile.
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
