package model

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"bnlab/blas"
)

// mirror is a net without hidden layer whose logits are its input.
func mirror[T blas.Float](t *testing.T, classes int) *Network[T] {
	t.Helper()
	net, err := New[T](Spec{In: classes, Out: classes, Nets: 1, MaxRows: 20})
	if err != nil {
		t.Fatal(err)
	}
	for i := range classes {
		net.Params()[i*(classes+1)] = 1
	}
	return net
}

func TestLoss(t *testing.T) {
	t.Run("float32", checkLoss[float32])
	t.Run("float64", checkLoss[float64])
}

// checkLoss holds losses and probabilities against known ones, logits included
// whose exponentials overflow or vanish.
func checkLoss[T blas.Float](t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, c := range []struct {
		logits []float64
		label  uint8
		loss   float64
		p      float64 // of the label
	}{
		{[]float64{0, 0, 0}, 1, math.Log(3), 1. / 3},
		{[]float64{7, 7, 7, 7}, 3, math.Log(4), 0.25},
		{[]float64{-1e4, -1e4}, 0, math.Log(2), 0.5},
		{[]float64{1e4, -1e4, 0}, 0, 0, 1},
		{[]float64{1e4, -1e4, 0}, 1, 2e4, 0},
		{[]float64{1e4, -1e4, 0}, 2, 1e4, 0},
		{[]float64{-1e4, 1e4, 1e4}, 1, math.Log(2), 0.5},
		{[]float64{0, math.Log(3)}, 1, math.Log(4. / 3), 0.75},
		{[]float64{nan, 0, 1}, 1, nan, nan},
		{[]float64{0, nan, 1}, 2, nan, nan},
		{[]float64{0, 1, nan}, 2, nan, nan},
		{[]float64{inf, 0}, 1, nan, nan},
	} {
		net := mirror[T](t, len(c.logits))
		x := blas.New[T](1, len(c.logits))
		for j, v := range c.logits {
			x.Data[j] = T(v)
		}
		if math.IsNaN(c.loss) { // a NaN times the 0 of W spreads: score the logits themselves
			if got := net.ScoreLogits(blas.Of(x.Cols, 1, x.Data), []uint8{c.label})[0].Loss; !math.IsNaN(got) {
				t.Errorf("%v, label %d: loss %v, want NaN", c.logits, c.label, got)
			}
		}
		for _, mode := range []Mode{Eval, Batch} {
			if got := net.Score(x, []uint8{c.label}, mode)[0].Loss; !near(got, c.loss, 1e-6) {
				t.Errorf("%v, label %d: loss %v, want %v", c.logits, c.label, got, c.loss)
			}
		}
		if got := float64(net.Probabilities(x).At(int(c.label), 0)); !near(got, c.p, 1e-6) {
			t.Errorf("%v, label %d: probability %v, want %v", c.logits, c.label, got, c.p)
		}
		net.Gradient(x, []uint8{c.label}, []float64{0})
		n := len(c.logits)
		if got := float64(net.Grads[n*n+int(c.label)]); !near(got, c.p-1, 1e-6) { // of the label's bias
			t.Errorf("%v, label %d: gradient %v, want %v", c.logits, c.label, got, c.p-1)
		}
	}
}

// near compares relatively above 1; a NaN is near a NaN alone.
func near(got, want, by float64) bool {
	if math.IsNaN(want) {
		return math.IsNaN(got)
	}
	return math.Abs(got-want) <= by*max(1, math.Abs(want))
}

// TestScore: losses and hits are summed over the rows, the means are over the
// images, and the first of equal logits is the answer.
func TestScore(t *testing.T) {
	net := mirror[float64](t, 2)
	x := blas.Of(5, 2, []float64{0, math.Log(3), math.Log(3), 0, 0, math.Log(3), 2, 2, 2, 2})
	s := net.Score(x, []uint8{1, 1, 0, 0, 1}, Eval)[0]
	sum := math.Log(4./3) + 2*math.Log(4) + 2*math.Log(2)
	if s.Images != 5 || s.Correct != 2 || s.Accuracy() != 0.4 || !near(s.Loss, sum, 1e-12) || !near(s.MeanLoss(), sum/5, 1e-12) {
		t.Errorf("score %+v, want 5 images, loss %v, 2 correct", s, sum)
	}
}

// TestDecay: the λ term is in the gradient of every W as 2λW, whatever the number
// of images, and in no other; and Σ‖W‖² is over the weights alone.
func TestDecay(t *testing.T) {
	for _, rows := range []int{2, 5, 20} {
		net := newNet[float64](t, deepSpec(2, 1), 2)
		x, labels := randomBatch[float64](rand.New(rand.NewPCG(8, 8)), rows, 12, 4)
		lambda := []float64{0.25, 3}
		net.Gradient(x, labels, []float64{0, 0})
		plain := append([]float64(nil), net.Grads...)
		net.Gradient(x, labels, lambda)
		for k := range lambda {
			squares := 0.0
			for _, p := range net.Tensors(k) {
				if p.Grad == nil {
					continue
				}
				want := append([]float64(nil), plain[offset(net.Grads, p.Grad):][:len(p.Grad)]...)
				if p.Kind == Weight {
					for i, w := range p.Data {
						want[i] += 2 * lambda[k] * w
						squares += w * w
					}
				}
				same(t, fmt.Sprintf("%d rows, net %d, layer %d, %s", rows, k, p.Layer, p.Kind), p.Grad, want)
			}
			same(t, "Σ‖W‖²", []float64{net.SquaredWeights(k)}, []float64{squares})
		}
	}
}
