package model

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"

	"github.com/nlpodyssey/safetensors"
)

// Save writes net k in the safetensors format, in the precision of T, with the names
// and shapes of PyTorch's Sequential(Linear, BatchNorm1d, ReLU, …, Linear). The same
// net and metadata give the same bytes. Anything that ReadSaved would reject, such as
// a NaN, is an error, and then nothing is written.
func (net *Network[T]) Save(w io.Writer, k int, metadata map[string]string) error {
	dtype := safetensors.F32
	if binary.Size(T(0)) == 8 {
		dtype = safetensors.F64
	}
	views := make(map[string]tensorView)
	for _, t := range net.Tensors(k) {
		views[t.Name] = newTensorView(dtype, t.Data, t.Shape...)
		if t.Kind == RunVar {
			name := strings.Replace(t.Name, "running_var", "num_batches_tracked", 1)
			views[name] = newTensorView(safetensors.I64, net.layers[t.Layer-1].bn.tracked)
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

// tensorView is a tensor as the format's writer wants it.
type tensorView struct {
	dtype safetensors.DType
	shape []uint64
	data  []byte
}

func newTensorView(dtype safetensors.DType, values any, shape ...int) tensorView {
	v := tensorView{dtype: dtype, shape: make([]uint64, len(shape))}
	for i, n := range shape {
		v.shape[i] = uint64(n)
	}
	v.data, _ = binary.Append(nil, binary.LittleEndian, values)
	return v
}

func (v tensorView) DType() safetensors.DType { return v.dtype }
func (v tensorView) Shape() []uint64          { return v.shape }
func (v tensorView) Data() []byte             { return v.data }
func (v tensorView) DataLen() uint64          { return uint64(len(v.data)) }
