package model

import (
	"fmt"
	"math"
	"testing"

	"bnlab/blas"
)

// A unit that is constant up to a few units in the last place, as a sum of the same
// numbers in another order leaves it, is a constant one: S̃ is β. One that differs by
// more is normalised.
func TestConstantUpToRounding(t *testing.T) {
	t.Run("float32", checkUlps[float32])
	t.Run("float64", checkUlps[float64])
}

func checkUlps[T blas.Float](t *testing.T) {
	const n = 100
	ones := make([]T, n)
	for i := range ones {
		ones[i] = 1
	}
	for _, level := range []float64{1, 0.37, -3.3, 1000.1} {
		for _, v := range []struct {
			ulps     int
			constant bool
		}{{0, true}, {1, true}, {1000, false}} {
			t.Run(fmt.Sprintf("%g ± %d ulp", level, v.ulps), func(t *testing.T) {
				bn := newBatchNorm[T](1, 1, Spec{Nets: 1, BatchNorm: 1, Hidden: []int{1}, Eps: 2.2e-16, MaxRows: n})
				bn.gamma, bn.beta = []T{2}, []T{0.7}
				s, scratch := blas.New[T](1, n), blas.New[T](1, n)
				step := T(2*math.Abs(level)) * roundoff[T]() // a unit in the last place, or up to two
				for i := range s.Row(0) {
					s.Row(0)[i] = T(level)
					if i%3 == 0 {
						s.Row(0)[i] += T(v.ulps) * step
					}
				}
				bn.forwardBatch(s, scratch, ones, true)
				constant := true
				for _, out := range s.Row(0) {
					constant = constant && out == 0.7
				}
				if constant != v.constant {
					t.Errorf("taken for constant: %v, want %v; S̃ %v", constant, v.constant, s.Row(0)[:4])
				}
			})
		}
	}
}
