package model

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"runtime"
	"strings"
	"testing"
)

// damages are ways to spoil a saved tiny[float32](t, 3), and what is said then.
var damages = []struct {
	name string
	make func(file []byte) []byte
	want string
}{
	{"empty", func([]byte) []byte { return nil }, "0 bytes are too few for a safetensors file"},
	{"header length 0", length(0), "header does not begin with {: not in the safetensors format"},
	{"header length too small", length(16), "header: unexpected EOF"},
	{"header length too big", length(1000), "header of 1000 bytes, but 732 bytes follow: the file is truncated"},
	{"header length 2^63", length(1 << 63), "header of 9223372036854775808 bytes, at most 1048576 are allowed"},
	{"header length 2^64-1", length(math.MaxUint64), "header of 18446744073709551615 bytes, at most 1048576 are allowed"},
	{"data in the header", length(700), "header is not UTF-8"},
	{"an image", func([]byte) []byte { return []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR") }, "header does not begin with {: not in the safetensors format"},
	{"bad JSON", replace(`"F32"`, `"F32'`), "header: invalid character"},
	{"header null", text("null"), "header does not begin with {"},
	{"space before the header", text(" {}"), "header does not begin with {"},
	{"two headers", text("{}{}"), "invalid character '{' after top-level value"},
	{"no tensors", text("{}"), `tensor "0.weight" is missing`},
	{"deep header", text(`{"a":` + strings.Repeat("[", 100000)), "header: more nested than a header is, at byte 8"},
	{"long shape", text(`{"a":{"shape":[` + strings.Repeat("1,", 100000)), "header: more than 8 values in a list, at byte 30"},
	{"tensor is a number", text(`{"a":1}`), "cannot unmarshal number"},
	{"metadata is a number", text(`{"__metadata__":{"seed":1}}`), `__metadata__ "seed" has value "1": expected string type`},
	{"long name", text(`{"` + strings.Repeat("a", 1000) + `":{}}`), "aaaa …"},
	{"key twice", text(`{"a":{},"a":{}}`), `header: key "a" appears twice`},
	{"field twice", replace(`"dtype":"F32"`, `"dtype":"F32","dtype":"F32"`), `header: key "dtype" appears twice`},
	{"metadata twice", text(`{"__metadata__":{"a":"1","a":"2"}}`), `header: key "a" appears twice`},
	{"not UTF-8", text("{\"\xff\":{}}"), "header is not UTF-8"},
	{"5 GB", func([]byte) []byte {
		return assemble(`{"0.weight":{"dtype":"F32","shape":[1310720,1024],"data_offsets":[0,5368709120]}}`, make([]byte, 2*maxHeader))
	}, "header declares 5368709120 bytes of data, at most 4294967296 are read"},
	{"byte missing", func(file []byte) []byte { return file[:len(file)-1] }, "header declares 148 bytes of data, but 147 bytes follow"},
	{"byte too many", func(file []byte) []byte { return append(file, 0) }, "header declares 148 bytes of data, but 149 bytes follow"},
	{"unknown type", set("0.weight", "dtype", "F7"), `invalid DType string value "F7"`},
	{"half precision", set("0.weight", "dtype", "F16"), `tensor "0.weight" has bytes 20 to 68 of the data, which is not the size of F16 of shape [3 4]`},
	{"whole numbers", set("0.weight", "dtype", "I32"), `tensor "0.weight" has type I32, want F32`},
	{"two types", set("3.bias", "dtype", "U32"), `tensor "3.bias" has type U32, want F32`},
	{"a count of two numbers", set("1.num_batches_tracked", "shape", []int{2}, "dtype", "I32"), `tensor "1.num_batches_tracked" has type I32, want I64`},
	{"a count with a dimension", set("1.num_batches_tracked", "shape", []int{1}), `tensor "1.num_batches_tracked" has shape [1], want []`},
	{"negative shape", set("0.weight", "shape", []int{-3, -4}), `invalid "shape" value`},
	{"shape overflow", set("0.weight", "shape", []uint64{1 << 32, 1 << 32}), `tensor "0.weight" has bytes 20 to 68 of the data, which is not the size of F32 of shape [4294967296 4294967296]`},
	{"size overflow", set("0.weight", "shape", []uint64{1<<62 + 12}), "not the size of F32 of shape [4611686018427387916]"},
	{"wrong size", set("0.weight", "shape", []int{3, 5}), `tensor "0.weight" has bytes 20 to 68 of the data, which is not the size of F32 of shape [3 5]`},
	{"turned", set("3.weight", "shape", []int{3, 2}), `tensor "3.weight" has shape [3 2], want [3 3]`},
	{"three dimensions", set("0.weight", "shape", []int{3, 2, 2}), `tensor "0.weight" has shape [3 2 2], want out×in of a Linear`},
	{"no units", text(`{"0.weight":{"dtype":"F32","shape":[0,4],"data_offsets":[0,0]}}`), `tensor "0.weight" has shape [0 4], want out×in of a Linear`},
	{"bias misshaped", set("0.bias", "shape", []int{3, 1}), `tensor "0.bias" has shape [3 1], want [3]`},
	{"overlap", set("3.bias", "data_offsets", []int{0, 8}), `tensor "3.bias" begins at byte 0 of the data, want 8, where the one before it ends`},
	{"gap", set("1.running_var", "data_offsets", []int{93, 105}), `tensor "1.running_var" begins at byte 93 of the data, want 92`},
	{"backwards", set("0.bias", "data_offsets", []uint64{8, 4}, "shape", []uint64{1<<62 - 1}), `tensor "0.bias" has bytes 8 to 4 of the data`},
	{"beyond the end", set("3.weight", "shape", []int{1 << 40, 1}, "data_offsets", []int{124, 124 + 4<<40}), "header declares 4398046511228 bytes of data, but 148 bytes follow"},
	{"weight missing", rename("3.weight", "4.weight"), `tensor "3.weight" is missing`},
	{"bias missing", rename("0.bias", "bias"), `tensor "0.bias" is missing`},
	{"mean missing", rename("1.running_mean", "9.running_mean"), `tensor "1.running_mean" is missing`},
	{"count missing", rename("1.num_batches_tracked", "0.num_batches_tracked"), `tensor "1.num_batches_tracked" is missing`},
	{"far module", rename("3.bias", "9223372036854775807.bias"), `tensor "3.bias" is missing`},
	{"extra", extra("4.bias"), `tensor "4.bias" has no place in Sequential(Linear, BatchNorm1d, ReLU, …, Linear), where BatchNorm1d may be LayerNorm, stand behind every ReLU, or be left out`},
	{"extra in a layer", extra("0.gain"), `tensor "0.gain" has no place`},
	{"leading zero", extra("00.weight"), `tensor "00.weight" has no place`},
	{"NaN", float("0.weight", 5, math.NaN()), `tensor "0.weight" element 5 is NaN, want a finite number`},
	{"infinite", float("3.bias", 1, math.Inf(-1)), `tensor "3.bias" element 1 is -Inf, want a finite number`},
	{"negative variance", float("1.running_var", 2, -1), `tensor "1.running_var" element 2 is -1, a negative variance`},
	{"negative count", func(file []byte) []byte {
		_, data := split(file)
		binary.LittleEndian.PutUint64(data, math.MaxUint64)
		return file
	}, `tensor "1.num_batches_tracked" is -1, a negative count`},
}

func TestDamage(t *testing.T) {
	file := save(t, tiny[float32](t, 3), 0, nil)
	for _, d := range damages {
		t.Run(d.name, func(t *testing.T) {
			s, err := ReadSaved(bytes.NewReader(d.make(bytes.Clone(file))), anyNet)
			if err == nil {
				t.Fatalf("read as %+v", s)
			}
			oneLine(t, err)
			if !strings.Contains(err.Error(), d.want) {
				t.Errorf("got  %v\nwant %v", err, d.want)
			}
		})
	}
}

func TestCutAnywhere(t *testing.T) {
	file := save(t, tiny[float32](t, 3), 0, map[string]string{"seed": "1"})
	for n := range file {
		if _, err := ReadSaved(bytes.NewReader(file[:n]), anyNet); err == nil {
			t.Errorf("read %d of %d bytes without complaint", n, len(file))
		} else {
			oneLine(t, err)
		}
	}
}

// oneLine checks the form of an error over a file.
func oneLine(t *testing.T, err error) {
	t.Helper()
	if text := err.Error(); !errors.Is(err, ErrFile) || strings.ContainsAny(text, "\r\n") || len(text) > 300 {
		t.Errorf("not one short line about the file: %q", text)
	}
}

// TestHostileMemory: a file needs memory according to its size, not its claims.
func TestHostileMemory(t *testing.T) {
	mib := strings.Repeat(" ", maxHeader)
	for name, file := range map[string][]byte{
		"a length":       length(1 << 40)(make([]byte, 8)),
		"many tensors":   assemble(distinct("", `{"dtype":"F32","shape":[],"data_offsets":[0,0]}`), nil),
		"small tensors":  assemble(distinct("", `{"a":0,"b":0,"c":0}`), nil),
		"lists":          assemble(distinct("", `{"shape":[0,0,0,0,0,0,0,0]}`), nil),
		"many keys":      assemble(distinct(`"a":{`, `0`)+"}", nil),
		"much metadata":  assemble(distinct(`"__metadata__":{`, `""`)+"}", nil),
		"endless spaces": append(make([]byte, 8), mib+mib...),
	} {
		if _, err := readThriftily(t, file); err == nil {
			t.Errorf("%s: read without complaint", name)
		}
	}
}

// readThriftily is ReadSaved, which must not allocate much more than the file is
// long.
func readThriftily(t *testing.T, file []byte) (*Saved, error) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	s, err := ReadSaved(bytes.NewReader(file), anyNet)
	runtime.ReadMemStats(&after)
	// All that was ever allocated, so several times what is held at once.
	if used := after.TotalAlloc - before.TotalAlloc; used > 1<<16+100*uint64(len(file)) {
		t.Errorf("%d bytes allocated for a file of %d: %.60q", used, len(file), file)
	}
	return s, err
}

// distinct returns an object with 10000 different keys.
func distinct(before, value string) string {
	var b strings.Builder
	for i := range 10000 {
		fmt.Fprintf(&b, "%x\":%s,\"", i, value)
	}
	return "{" + before + `"` + strings.TrimSuffix(b.String(), `,"`) + "}"
}

// assemble makes a file of a header and data, split takes it apart.
func assemble(header string, data []byte) []byte {
	file := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(file, header...), data...)
}

func split(file []byte) (header string, data []byte) {
	n := 8 + binary.LittleEndian.Uint64(file)
	return string(file[8:n]), file[n:]
}

func length(n uint64) func([]byte) []byte {
	return func(file []byte) []byte {
		binary.LittleEndian.PutUint64(file, n)
		return file
	}
}

func text(header string) func([]byte) []byte {
	return func([]byte) []byte { return assemble(header, nil) }
}

func replace(old, new string) func([]byte) []byte {
	return func(file []byte) []byte {
		header, data := split(file)
		return assemble(strings.Replace(header, old, new, 1), data)
	}
}

// edit changes the header as JSON.
func edit(change func(tensors map[string]map[string]any, data []byte) []byte) func([]byte) []byte {
	return func(file []byte) []byte {
		header, data := split(file)
		var tensors map[string]map[string]any
		if err := json.Unmarshal([]byte(header), &tensors); err != nil {
			panic(err)
		}
		data = change(tensors, data)
		changed, _ := json.Marshal(tensors)
		return assemble(string(changed), data)
	}
}

// set changes fields of a tensor: name and value, name and value.
func set(tensor string, fields ...any) func([]byte) []byte {
	return edit(func(tensors map[string]map[string]any, data []byte) []byte {
		for i := 0; i < len(fields); i += 2 {
			tensors[tensor][fields[i].(string)] = fields[i+1]
		}
		return data
	})
}

func rename(old, new string) func([]byte) []byte {
	return edit(func(tensors map[string]map[string]any, data []byte) []byte {
		tensors[new] = tensors[old]
		delete(tensors, old)
		return data
	})
}

// extra adds a tensor of one number.
func extra(name string) func([]byte) []byte {
	return edit(func(tensors map[string]map[string]any, data []byte) []byte {
		tensors[name] = map[string]any{"dtype": "F32", "shape": []int{1}, "data_offsets": []int{len(data), len(data) + 4}}
		return append(data, 0, 0, 0, 0)
	})
}

// float writes v over element i of a tensor.
func float(tensor string, i int, v float64) func([]byte) []byte {
	return edit(func(tensors map[string]map[string]any, data []byte) []byte {
		start := int(tensors[tensor]["data_offsets"].([]any)[0].(float64))
		binary.LittleEndian.PutUint32(data[start+4*i:], math.Float32bits(float32(v)))
		return data
	})
}
