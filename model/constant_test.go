package model

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"bnlab/blas"
)

// TestConstantUnit: a unit is constant where all its inputs are dead or all images
// are of one colour. Whatever the constant and the size of the batch, its S̃ is β,
// its weights and its bias stay as they are, and the layer above learns. By the
// formula alone, rounding divided by √ε took a bias from 0.4 to 2e5 in a step.
func TestConstantUnit(t *testing.T) {
	t.Run("float32", checkConstant[float32])
	t.Run("float64", checkConstant[float64])
}

func checkConstant[T blas.Float](t *testing.T) {
	for _, n := range []int{1, 2, 7, 100, 1000} {
		for _, b := range []float64{0, 1e-30, 1e-8, 1e-3, 0.1, 0.37, 1, -3.3, 17.7, 1000.1, 1e5 + 0.3, 1e12} {
			t.Run(fmt.Sprintf("%d images, b = %g", n, b), func(t *testing.T) {
				net, err := New[T](Spec{In: 3, Hidden: []int{4, 3}, Out: 2, Nets: 1, BatchNorm: 1, Eps: 2.2e-16, Alpha: 0.9, MaxRows: n})
				if err != nil {
					t.Fatal(err)
				}
				if err := net.Init(0, He, 0, 1); err != nil {
					t.Fatal(err)
				}
				x, labels := blas.New[T](n, 3), make([]uint8, n) // black images
				for i := range labels {
					labels[i] = uint8(i % 3 / 2)
				}
				for _, p := range net.Tensors(0) {
					switch {
					case p.Kind == Bias && p.Layer < 3:
						fill(p.Data, T(b))
					case p.Kind == Beta:
						fill(p.Data, 0.7)
					}
				}
				before := hiddenWeights(net)
				for range 50 {
					net.Step(x, labels, []float64{0.01}, []float64{0})
				}
				if !slices.Equal(before, hiddenWeights(net)) {
					t.Error("weights or biases of a hidden layer move")
				}
				betaThrough(t, net, x)
				if loss := net.Score(x, labels, Batch)[0].MeanLoss(); !(loss < 1) {
					t.Errorf("loss %g", loss)
				}
			})
		}
	}
}

// hiddenWeights returns W and b of the hidden layers.
func hiddenWeights[T blas.Float](net *Network[T]) (values []T) {
	for _, p := range net.Tensors(0) {
		if p.Layer < 3 && (p.Kind == Weight || p.Kind == Bias) {
			values = append(values, p.Data...)
		}
	}
	return values
}

// betaThrough checks that what comes out of the hidden layers is β.
func betaThrough[T blas.Float](t *testing.T, net *Network[T], x blas.Matrix[T]) {
	t.Helper()
	net.Forward(x, Batch)
	for l := range net.layers[:2] {
		ly := &net.layers[l]
		out := ly.view(ly.out, x.Rows)
		for j, beta := range ly.bn.beta {
			for _, v := range out.Row(j) {
				if v != beta {
					t.Fatalf("layer %d: unit %d gives %g, β is %g", l+1, j, v, beta)
				}
			}
		}
	}
}

// TestConstantUnitEvaluated: with ε = 0 a unit that has never varied is β in
// evaluation too, and not 0/0.
func TestConstantUnitEvaluated(t *testing.T) {
	bn := newBatchNorm[float64](1, 2, Spec{Eps: 0, Alpha: 0.9, MaxRows: 3})
	bn.gamma, bn.beta = []float64{2, 2}, []float64{0.7, 0.7}
	batch := []float64{5, 5, 5, -1, 0, 1} // the first unit is constant
	s, scratch := blas.Of(2, 3, slices.Clone(batch)), blas.New[float64](2, 3)
	bn.forwardBatch(s, scratch, []float64{1, 1, 1}, true)
	bn.updateRunning()
	copy(s.Data, batch)
	bn.forwardRunning(s)
	wide := 2 * math.Sqrt(1.5)
	for i, want := range []float64{0.7, 0.7, 0.7, 0.7 - wide, 0.7, 0.7 + wide} {
		if got := s.Data[i]; !(math.Abs(got-want) < 1e-12) {
			t.Errorf("S̃ is %v, want %g at %d", s.Data, want, i)
		}
	}
}

// TestNarrowUnit: a unit that varies, however little compared with its mean, is
// normalised as usual.
func TestNarrowUnit(t *testing.T) {
	bn := newBatchNorm[float32](1, 1, Spec{Eps: 2.2e-16, MaxRows: 4})
	bn.gamma, bn.beta = []float32{1}, []float32{0}
	for _, width := range []float32{0x1p-21, 0x1p-18, 0x1p-10, 1} { // 2^-23 is between 1 and the next number
		s, scratch := blas.Of(1, 4, []float32{1, 1, 1 + width, 1 + width}), blas.New[float32](1, 4)
		bn.forwardBatch(s, scratch, []float32{1, 1, 1, 1}, true)
		for i, want := range []float64{-1, -1, 1, 1} {
			if got := float64(s.Data[i]); math.Abs(got-want) > 0.01 {
				t.Errorf("width %g: Ŝ is %v", width, s.Data)
			}
		}
	}
}

// TestOverflowShows: if S, its mean or its variance is too large for T, the loss is NaN
// at once.
func TestOverflowShows(t *testing.T) {
	t.Run("float32", func(t *testing.T) { checkOverflow[float32](t, 1e18, 1e20, 1e30, 1e37) })
	t.Run("float64", func(t *testing.T) { checkOverflow[float64](t, 1e152, 1e156, 1e300, 1e307) })
}

// checkOverflow scales images that a net with batch normalisation would classify
// the same at any scale.
func checkOverflow[T blas.Float](t *testing.T, fits T, tooLarge ...T) {
	loss := func(scale T, mode Mode) float64 {
		net := newNet[T](t, deepSpec(1, 1), 1)
		x, labels := randomBatch[T](rand.New(rand.NewPCG(1, 1)), 20, 12, 4)
		blas.Scal(scale, x.Data)
		return net.Score(x, labels, mode)[0].Loss
	}
	want := loss(1, Batch)
	if got := loss(fits, Batch); !near(got, want, 1e-5) {
		t.Errorf("scale %g: loss %g, want %g", fits, got, want)
	}
	for _, scale := range tooLarge {
		for _, mode := range []Mode{Batch, Train} {
			if got := loss(scale, mode); !math.IsNaN(got) && !math.IsInf(got, 0) {
				t.Errorf("scale %g, mode %d: loss %g", scale, mode, got)
			}
		}
	}
}
