package blas

import (
	"math"
	"testing"
)

// TestDropout: of many elements a share of p is dropped, in every row and column, the others
// keep the mean; two keys, or two rows, drop as often together as by chance; and the same key drops the same.
func TestDropout(t *testing.T) {
	const rows, cols = 300, 400
	ones := func(key uint64, p float64) Matrix[float64] {
		s := New[float64](rows, cols)
		for i := range s.Data {
			s.Data[i] = 1
		}
		Dropout(key, p, s)
		return s
	}
	near := func(what string, count, of int, p float64) {
		t.Helper()
		if sigma := math.Sqrt(float64(of) * p * (1 - p)); math.Abs(float64(count)-float64(of)*p) > 5*sigma+1e-9 {
			t.Errorf("p = %g, %s: %d of %d", p, what, count, of)
		}
	}
	for _, p := range []float64{0, 0.1, 0.5, 0.9} {
		for key := range uint64(20) {
			key *= 0x123456789abcdef
			a, b, again := ones(key, p), ones(key+1<<32, p), ones(key, p)
			dropped, both, rowsToo, column := 0, 0, 0, make([]int, cols)
			for i := range rows {
				row := 0
				for j, v := range a.Row(i) {
					if v != again.At(i, j) || v != 0 && v != 1/(1-p) {
						t.Fatalf("p = %g: element %d, %d is %g and %g", p, i, j, v, again.At(i, j))
					}
					if v == 0 {
						row++
						column[j]++
						if b.At(i, j) == 0 {
							both++
						}
						if a.At((i+1)%rows, j) == 0 {
							rowsToo++
						}
					}
				}
				near("in a row", row, cols, p)
				dropped += row
			}
			for _, n := range column {
				near("in a column", n, rows, p)
			}
			near("in all", dropped, rows*cols, p)
			near("by two keys", both, rows*cols, p*p)
			near("in two rows", rowsToo, rows*cols, p*p)
		}
	}
}

// TestDropoutKeepsNaN: a network that has diverged shows it.
func TestDropoutKeepsNaN(t *testing.T) {
	s := New[float32](10, 10)
	for i := range s.Data {
		s.Data[i] = float32(math.NaN())
	}
	Dropout(1, 0.5, s)
	for i, v := range s.Data {
		if v == v {
			t.Fatalf("element %d is %g", i, v)
		}
	}
}
