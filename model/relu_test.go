package model

import (
	"math"
	"testing"

	"bnlab/blas"
)

// TestReLU holds the values and the gradient mask; 0 has the gradient 0, and a
// NaN must not turn into a number.
func TestReLU(t *testing.T) {
	x := blas.Of(2, 3, []float64{-2, 0, 3, 1e-300, math.Inf(1), math.Inf(-1)})
	reluForward(x)
	same(t, "values", x.Data[:4], []float64{0, 0, 3, 1e-300})
	if !math.IsInf(x.Data[4], 1) || x.Data[5] != 0 {
		t.Errorf("±Inf become %v", x.Data[4:])
	}
	d := blas.Of(2, 3, []float64{1, 2, 3, 4, 5, 6})
	reluBackward(x, d)
	same(t, "gradient", d.Data, []float64{0, 0, 3, 4, 5, 0})

	nan := blas.Of(1, 1, []float64{math.NaN()})
	if reluForward(nan); !math.IsNaN(nan.Data[0]) {
		t.Errorf("NaN becomes %v", nan.Data[0])
	}
}
