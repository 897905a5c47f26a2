package model

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"math/bits"
	"slices"
	"unicode/utf8"

	"github.com/nlpodyssey/safetensors"
)

// maxHeader limits the header of a file, in bytes: enough for a thousand layers and the
// metadata, and little to parse.
const maxHeader = 1 << 20

// checkHeader checks what the format requires of the start of a file but its library does
// not check: the header is an object in UTF-8, of bounded size and depth, lists are short,
// and no key appears twice.
func checkHeader(file []byte) error {
	if len(file) < 8 {
		return fmt.Errorf("%d bytes are too few for a safetensors file", len(file))
	}
	size, file := binary.LittleEndian.Uint64(file), file[8:]
	switch {
	case size == 0 || len(file) > 0 && file[0] != '{':
		return errors.New("header does not begin with {: not in the safetensors format")
	case size > maxHeader:
		return fmt.Errorf("header of %d bytes, at most %d are allowed", size, maxHeader)
	case size > uint64(len(file)):
		return fmt.Errorf("header of %d bytes, but %d bytes follow: the file is truncated", size, len(file))
	case !utf8.Valid(file[:size]):
		return errors.New("header is not UTF-8")
	}
	if err := checkKeys(json.NewDecoder(bytes.NewReader(file[:size])), 3); err != nil {
		return fmt.Errorf("header: %w", err)
	}
	return nil
}

// checkKeys reads one JSON value, at most depth levels of objects and arrays, and
// rejects an object with a duplicate key and an array longer than any shape.
func checkKeys(d *json.Decoder, depth int) error {
	token, err := d.Token()
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	open, ok := token.(json.Delim)
	if err != nil || !ok {
		return err
	}
	if depth == 0 {
		return fmt.Errorf("more nested than a header is, at byte %d", d.InputOffset())
	}
	seen := make(map[string]bool)
	for n := 0; d.More(); n++ {
		if open == '[' && n == 8 {
			return fmt.Errorf("more than %d values in a list, at byte %d", n, d.InputOffset())
		}
		if open == '{' {
			token, err := d.Token()
			if err != nil {
				return err
			}
			key, _ := token.(string)
			if seen[key] {
				return fmt.Errorf("key %q appears twice", key)
			}
			seen[key] = true
		}
		if err := checkKeys(d, depth-1); err != nil {
			return err
		}
	}
	_, err = d.Token() // the closing one
	return err
}

// checkOffsets checks that the tensors are contiguous in the size bytes of data, with no
// gap, overlap or remainder, each as long as its shape says.
func checkOffsets(tensors map[string]*safetensors.TensorInfo, size uint64) error {
	end := uint64(0)
	for _, name := range slices.SortedFunc(maps.Keys(tensors), func(a, b string) int {
		return cmp.Or(slices.Compare(tensors[a].DataOffsets[:], tensors[b].DataOffsets[:]), cmp.Compare(a, b))
	}) {
		t := tensors[name]
		from, to := t.DataOffsets[0], t.DataOffsets[1]
		switch {
		case from != end:
			return fmt.Errorf("tensor %q begins at byte %d of the data, want %d, where the one before it ends", name, from, end)
		case to < from || to-from != bytesOf(t):
			return fmt.Errorf("tensor %q has bytes %d to %d of the data, which is not the size of %v of shape %d", name, from, to, t.DType, t.Shape)
		}
		end = to
	}
	if end != size {
		return fmt.Errorf("header declares %d bytes of data, but %d bytes follow", end, size)
	}
	return nil
}

// bytesOf returns the size of a tensor, or the largest number if it overflows.
func bytesOf(t *safetensors.TensorInfo) uint64 {
	size := t.DType.Size()
	for _, n := range t.Shape {
		high, low := bits.Mul64(size, n)
		if high > 0 {
			return math.MaxUint64
		}
		size = low
	}
	return size
}
