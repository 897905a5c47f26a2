package model

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"bnlab/blas"
)

// TestLossesKnown holds losses, probabilities and gradients of one image against numbers worked
// out by hand, logits included whose exponentials overflow or vanish.
func TestLossesKnown(t *testing.T) {
	t.Run("float32", knownLosses[float32])
	t.Run("float64", knownLosses[float64])
}

func knownLosses[T blas.Float](t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, c := range []struct {
		kind      Loss
		smoothing float64
		logits    []float64
		label     uint8
		loss      float64
		cost      float64
		gradient  []float64 // with respect to the logits
		correct   int
	}{
		{BCE, 0, []float64{0, 0}, 1, math.Log(2), math.Log(2), []float64{0.25, -0.25}, 0},
		{BCE, 0, []float64{math.Log(3), 0}, 0, (math.Log(4./3) + math.Log(2)) / 2, (math.Log(4./3) + math.Log(2)) / 2, []float64{-0.125, 0.25}, 1},
		{BCE, 0.2, []float64{math.Log(3), 0}, 0, (math.Log(4./3) + math.Log(2)) / 2,
			(-0.9*math.Log(0.75) - 0.1*math.Log(0.25) + math.Log(2)) / 2, []float64{-0.075, 0.2}, 1},
		{BCE, 0, []float64{1e4, -1e4}, 0, 0, 0, []float64{0, 0}, 1},
		{BCE, 0, []float64{1e4, -1e4}, 1, 1e4, 1e4, []float64{0.5, -0.5}, 0},
		{BCE, 0, []float64{nan, 0}, 1, nan, nan, nil, 0},
		{BCE, 0, []float64{inf, 0}, 1, nan, nan, nil, 0},
		{Hinge, 0, []float64{3, 1, 2.5}, 0, 0.5, 0.5, []float64{-1, 0, 1}, 1},
		{Hinge, 0, []float64{3, 1, 2}, 0, 0, 0, []float64{0, 0, 0}, 1}, // at the margin
		{Hinge, 0, []float64{3, 1, 2}, 1, 5, 5, []float64{1, -2, 1}, 0},
		{Hinge, 0, []float64{0, 0, 0}, 2, 2, 2, []float64{1, 1, -2}, 0},
		{Hinge, 0, []float64{0, nan, 0}, 2, nan, nan, nil, 0},
		{Hinge, 0, []float64{inf, 0, 0}, 1, inf, inf, nil, 0},
	} {
		logits := blas.New[T](len(c.logits), 1)
		for j, v := range c.logits {
			logits.Data[j*logits.Stride] = T(v)
		}
		sm := newSoftmax[T](1)
		s := sm.scoreBy(Each{Loss: c.kind, Smoothing: c.smoothing}, logits, []uint8{c.label}, c.gradient != nil)
		equal := func(got, want float64) bool { return got == want || near(got, want, 1e-6) }
		if !equal(s.Loss, c.loss) || !equal(s.Cost, c.cost) || s.Correct != c.correct || s.Images != 1 {
			t.Errorf("%s, %v, label %d: %+v, want loss %g, cost %g, %d correct", c.kind, c.logits, c.label, s, c.loss, c.cost, c.correct)
		}
		for j, want := range c.gradient {
			if got := float64(logits.At(j, 0)); !near(got, want, 1e-6) {
				t.Errorf("%s, %v, label %d: gradient %d is %g, want %g", c.kind, c.logits, c.label, j, got, want)
			}
		}
	}
}

// TestLossProperties: whatever the logits, a gradient of hinge sums to 0 over classes, as one of
// softmax does; hinge does not change where all logits do alike; every loss is at least 0, and
// scoring without a gradient leaves the logits.
func TestLossProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		classes, n := rapid.IntRange(2, 6).Draw(t, "classes"), rapid.IntRange(1, 5).Draw(t, "images")
		logits, shifted, labels := blas.New[float64](classes, n), blas.New[float64](classes, n), make([]uint8, n)
		shift := float64(rapid.IntRange(-8, 8).Draw(t, "shift"))
		for i := range labels {
			labels[i] = uint8(rapid.IntRange(0, classes-1).Draw(t, "label"))
			for j := range classes {
				v := float64(rapid.IntRange(-64, 64).Draw(t, "logit")) / 8 // so that a shift does not round
				logits.Data[j*logits.Stride+i], shifted.Data[j*shifted.Stride+i] = v, v+shift
			}
		}
		for _, kind := range []Loss{Softmax, BCE, Hinge} {
			before := kind.Of(logits, labels)
			if again := kind.Of(logits, labels); again != before || before.Loss < 0 || before.Cost != before.Loss {
				t.Errorf("%s: %+v, then %+v", kind, before, again)
			}
			if after := kind.Of(shifted, labels); kind == Hinge && after != before {
				t.Errorf("hinge: %+v, shifted %+v", before, after)
			}
		}
		sm := newSoftmax[float64](n)
		sm.scoreBy(Each{Loss: Hinge}, logits, labels, true)
		for i := range n {
			sum := 0.0
			for j := range classes {
				sum += logits.At(j, i)
			}
			if math.Abs(sum) > 1e-12 {
				t.Errorf("gradients of image %d sum to %g", i, sum)
			}
		}
	})
}

// TestProbabilitiesOfLosses: sigmoids of bce, logits as they are of hinge, each net by its own loss.
func TestProbabilitiesOfLosses(t *testing.T) {
	spec := Spec{In: 3, Out: 4, Nets: 3, MaxRows: 5, Each: []Each{{Loss: BCE}, {Loss: Hinge}, {Loss: Softmax}}}
	net := newNet[float64](t, spec, 1)
	x := blas.Of(1, 3, []float64{0.5, -1, 2})
	logits := append([]float64(nil), net.Forward(x, Eval).Data...)
	got := net.Probabilities(x)
	sum := 0.0
	for j := range 4 {
		if want := 1 / (1 + math.Exp(-logits[j])); !near(got.At(j, 0), want, 1e-12) {
			t.Errorf("bce: class %d: %g, want %g", j, got.At(j, 0), want)
		}
		if got.At(4+j, 0) != logits[4+j] {
			t.Errorf("hinge: class %d: %g, want %g", j, got.At(4+j, 0), logits[4+j])
		}
		sum += got.At(8+j, 0)
	}
	if !near(sum, 1, 1e-12) {
		t.Errorf("softmax: sum %g", sum)
	}
}
