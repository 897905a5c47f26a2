package model

import (
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/nlpodyssey/safetensors"
)

// netOf builds a net from its header and data; without data, only its shape.
func netOf(header safetensors.Metadata, data []byte) (*Saved, error) {
	r := reader{tensors: header.Tensors(), data: data}
	s := &Saved{Metadata: header.Metadata(), Bits: 32}
	r.dtype = safetensors.F32
	if first := r.tensors["0.weight"]; first != nil && first.DType == safetensors.F64 {
		r.dtype, s.Bits = safetensors.F64, 64
	}
	r.layers(s)
	return s, r.err
}

// reader hands out the tensors of a file, each once, and keeps the first error.
type reader struct {
	tensors map[string]*safetensors.TensorInfo // those not yet taken
	data    []byte                             // nil where the shape is all that is asked for
	dtype   safetensors.DType                  // that all but the counts must have
	err     error
}

// layers takes the tensors of the net, layer by layer, into s, and its shape.
func (r *reader) layers(s *Saved) {
	last := r.lastLinear()
	in, m := 0, 0
	for r.err == nil {
		out, columns := r.matrix(m)
		if m == 0 {
			s.In, in = columns, columns
		}
		s.values = append(s.values, r.floats(m, "weight", out, in), r.floats(m, "bias", out))
		if m >= last {
			s.Out = out
			break
		}
		s.Hidden, in = append(s.Hidden, out), out
		m = r.norm(s, m, out)
	}
	if len(s.NormLayers) == len(s.Hidden) {
		s.NormLayers = nil
	}
	if len(r.tensors) > 0 {
		r.fail(slices.Min(slices.Collect(maps.Keys(r.tensors))), "has no place in Sequential(Linear, BatchNorm1d, ReLU, …, Linear), where BatchNorm1d may be LayerNorm, stand behind every ReLU, or be left out")
	}
}

// matrix returns the shape of the weights of module m, without taking them.
func (r *reader) matrix(m int) (out, in int) {
	name := fmt.Sprintf("%d.weight", m)
	info := r.tensors[name]
	switch {
	case info == nil:
		r.fail(name, "is missing")
	case len(info.Shape) != 2 || info.Shape[0] == 0 || info.Shape[1] == 0:
		r.fail(name, "has shape %d, want out×in of a Linear", info.Shape)
	default:
		return int(info.Shape[0]), int(info.Shape[1])
	}
	return 0, 0
}

// floats takes the numbers of a tensor, which must be finite, and not negative for a
// variance.
func (r *reader) floats(m int, kind string, shape ...int) []float64 {
	name, data := r.take(m, kind, r.dtype, shape)
	values := make([]float64, len(data)/int(r.dtype.Size()))
	if r.dtype == safetensors.F64 {
		binary.Decode(data, binary.LittleEndian, values)
	} else {
		for i := range values {
			values[i] = float64(math.Float32frombits(binary.LittleEndian.Uint32(data[4*i:])))
		}
	}
	for i, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			r.fail(name, "element %d is %g, want a finite number", i, v)
		}
		if v < 0 && kind == string(RunVar) {
			r.fail(name, "element %d is %g, a negative variance", i, v)
		}
	}
	return values
}

// count takes a single non-negative integer.
func (r *reader) count(m int, kind string) int64 {
	name, data := r.take(m, kind, safetensors.I64, nil)
	if len(data) == 0 {
		return 0
	}
	n := int64(binary.LittleEndian.Uint64(data))
	if n < 0 {
		r.fail(name, "is %d, a negative count", n)
	}
	return n
}

// take returns the name and the bytes of a tensor, which must have this type and shape.
func (r *reader) take(m int, kind string, dtype safetensors.DType, shape []int) (string, []byte) {
	name := fmt.Sprintf("%d.%s", m, kind)
	info := r.tensors[name]
	switch {
	case info == nil:
		r.fail(name, "is missing")
	case info.DType != dtype:
		r.fail(name, "has type %v, want %v", info.DType, dtype)
	case !slices.EqualFunc(info.Shape, shape, func(a uint64, b int) bool { return a == uint64(b) }):
		r.fail(name, "has shape %d, want %d", info.Shape, shape)
	default:
		delete(r.tensors, name)
		if r.data == nil {
			return name, nil
		}
		return name, r.data[info.DataOffsets[0]:info.DataOffsets[1]]
	}
	return name, nil
}

// fail records what is wrong with a tensor, unless there was an earlier error.
func (r *reader) fail(name, format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("tensor %q "+format, append([]any{name}, args...)...)
	}
}
