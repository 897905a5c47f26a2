package blas

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestExps compares Exps, and its Go version, with math.Exp over all values that do not
// vanish, and at the ends of its range.
func TestExps(t *testing.T) {
	t.Run("float32", func(t *testing.T) {
		testExps(t, Exps[float32], -87, 0x1p-23)
		testExps(t, goKernels[float32]{}.exps, -87, 0x1p-23)
	})
	t.Run("float64", func(t *testing.T) {
		testExps(t, Exps[float64], -708, 0x1p-52)
		testExps(t, goKernels[float64]{}.exps, -708, 0x1p-52)
	})
}

func testExps[T Float](t *testing.T, pass func(top []T, s Matrix[T], sum []T), least, ulp float64) {
	exps := func(x []T) []T {
		y := slices.Clone(x)
		pass(make([]T, len(x)), Of(1, len(x), y), make([]T, len(x)))
		return y
	}
	random := rand.New(rand.NewPCG(3, 3))
	x := make([]T, 200000)
	for i := range x {
		x[i] = T(-random.Float64()) // where it matters most
		if i%2 == 0 {
			x[i] *= T(-least)
		}
	}
	for i, got := range exps(x) {
		if want := math.Exp(float64(x[i])); math.Abs(float64(got)-want) > 2*ulp*want {
			t.Fatalf("exp(%v) is %v, want %v", x[i], got, want)
		}
	}
	inf := math.Inf(-1)
	for _, c := range [][2]float64{
		{0, 1}, {math.Copysign(0, -1), 1}, {-ulp / 4, 1}, {least * 1.001, 0}, {least * 100, 0}, {inf, 0}, {math.NaN(), math.NaN()},
	} {
		if got := float64(exps([]T{T(c[0])})[0]); got != c[1] && !(got != got && c[1] != c[1]) {
			t.Errorf("exp(%v) is %v, want %v", c[0], got, c[1])
		}
	}
	if got := exps([]T{T(least)})[0]; got == 0 || got*T(ulp) == 0 && ulp > 0x1p-30 {
		t.Errorf("exp(%v) is %v, want a normal number", least, got)
	}
}
