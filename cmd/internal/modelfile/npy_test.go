package modelfile

import (
	"encoding/hex"
	"strings"
	"testing"
)

// TestNPY holds a file against what numpy.save wrote.
func TestNPY(t *testing.T) {
	for _, v := range []struct {
		bits          int
		kind, numbers string
	}{
		{32, "<f4", "0000803f0000004000004040000080be000000000000a040"},
		{64, "<f8", "000000000000f03f00000000000000400000000000000840000000000000d0bf00000000000000000000000000001440"},
	} {
		got := NPY([][]float64{{1, 2, 3}, {-0.25, 0, 5}}, v.bits)
		header, numbers := string(got[:128]), got[128:]
		start := "\x93NUMPY\x01\x00v\x00{'descr': '" + v.kind + "', 'fortran_order': False, 'shape': (2, 3), }"
		if strings.TrimRight(header, " \n") != start || header[127] != '\n' {
			t.Errorf("header %q", header)
		}
		if hex.EncodeToString(numbers) != v.numbers {
			t.Errorf("%d bits: %x, want %s", v.bits, numbers, v.numbers)
		}
	}
}
