package model

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"bnlab/blas"
)

// hiddenSpecs are networks of three nets with each thing that a hidden layer can do.
func hiddenSpecs() map[string]Spec {
	all := map[string]Spec{
		"layer":                {LayerNorm: true},
		"batch, after":         {BatchNorm: 3, NormAfter: true},
		"layer, after":         {LayerNorm: true, NormAfter: true, Activation: "leaky"},
		"batch, layers":        {BatchNorm: 2, NormLayers: []int{2}},
		"layer, after, layers": {LayerNorm: true, NormAfter: true, NormLayers: []int{1, 3}, Activation: "gelu"},
		"ghost":                {BatchNorm: 2, Each: []Each{{Ghost: 4}, {}, {}}},
		"ghosts":               {BatchNorm: 3, NormAfter: true, Each: []Each{{Ghost: 4}, {Ghost: 10}, {Ghost: 5, Dropout: 0.2}}},
		"noisy":                {BatchNorm: 2, Each: []Each{{Noisy: true, Seed: 5}, {}, {}}},
		// with some seeds four images vary so little that differences lose their digits
		"noisy, after":         {BatchNorm: 3, NormAfter: true, Each: []Each{{Noisy: true}, {Noisy: true, Seed: 1, Ghost: 4, Dropout: 0.3}, {}}},
		"skip 1":               {Skip: 1, BatchNorm: 2},
		"skip 1, dropout":      {Skip: 1, Activation: "tanh", Each: []Each{{Dropout: 0.2}, {}, {Dropout: 0.5}}},
		"skip 2":               {Skip: 2, BatchNorm: 3, NormLayers: []int{2}},
		"skip 2, layer, after": {Skip: 2, LayerNorm: true, NormAfter: true},
	}
	for name, spec := range all {
		spec.In, spec.Hidden, spec.Out, spec.Nets, spec.Eps, spec.Alpha, spec.MaxRows = 12, []int{7, 7, 7}, 4, 3, 1e-5, 0.9, 20
		all[name] = spec
	}
	return all
}

// TestGradientOfHidden: the gradient check holds for each of them, and tells few kinks.
func TestGradientOfHidden(t *testing.T) {
	for name, spec := range hiddenSpecs() {
		net := newNet[float64](t, spec, 5)
		x, labels := randomBatch[float64](rand.New(rand.NewPCG(1, 2)), 20, 12, 4)
		lambda := []float64{0.01, 0.3, 0.1}
		net.Gradient(x, labels, lambda)
		for k := range lambda {
			checks, err := CheckGradient(t.Context(), net, k, x, labels, lambda[k], 0, 1)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range checks {
				if !c.OK || c.Kinks > c.Of/4 {
					t.Errorf("%s, net %d: %+v", name, k, c)
				}
			}
		}
	}
}

// TestStepOfHidden: a step of each of them is θ ← θ − η·∂J/∂θ, and allocates nothing.
func TestStepOfHidden(t *testing.T) {
	for name, spec := range hiddenSpecs() {
		t.Run(name, func(t *testing.T) {
			checkDescent(t, spec, each(3, 0.1, 0.03), each(3, 0.02, 0.03))
			net := newNet[float32](t, spec, 1)
			x, labels := randomBatch[float32](rand.New(rand.NewPCG(1, 1)), 20, 12, 4)
			if n := testing.AllocsPerRun(20, func() {
				net.Step(x, labels, each3, each3)
				net.Score(x, labels, Eval)
			}); n != 0 {
				t.Errorf("%g allocations", n)
			}
		})
	}
}

var each3 = []float64{0.01, 0.02, 0.03}

// TestLayerNorm: whatever the numbers, the units of an image end with mean 0 and variance
// v/(v+ε) before γ and β, for each net and each image of its own.
func TestLayerNorm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		nets, width, n := rapid.IntRange(1, 3).Draw(t, "nets"), rapid.IntRange(2, 9).Draw(t, "width"), rapid.IntRange(1, 6).Draw(t, "n")
		const eps = 1e-3
		ln := newLayerNorm[float64](width, Spec{Nets: nets, Eps: eps, MaxRows: 8})
		ln.gamma, ln.beta = make([]float64, nets*width), make([]float64, nets*width)
		fill(ln.gamma, 1)
		s := blas.New[float64](nets*width, n)
		for i := range s.Data {
			s.Data[i] = rapid.Float64Range(-100, 100).Draw(t, "s")
		}
		before := slices.Clone(s.Data)
		ln.forward(s)
		for k := range nets {
			for i := range n {
				var in, out []float64
				for j := k * width; j < (k+1)*width; j++ {
					in, out = append(in, before[j*n+i]), append(out, s.At(j, i))
				}
				deviations := make([]float64, width)
				_, v := spread(in, deviations)
				if mean, got := spread(out, deviations); math.Abs(mean) > 1e-9 || math.Abs(got-v/(v+eps)) > 1e-9 {
					t.Fatalf("net %d, image %d: mean %g, variance %g, want 0 and %g", k, i, mean, got, v/(v+eps))
				}
			}
		}
	})
}

// TestLayerNormEvaluates: evaluation is that of a training, and of an image alone.
func TestLayerNormEvaluates(t *testing.T) {
	for _, after := range []bool{false, true} {
		spec := deepSpec(2, 0)
		spec.LayerNorm, spec.NormAfter = true, after
		net := newNet[float64](t, spec, 3)
		x, _ := randomBatch[float64](rand.New(rand.NewPCG(3, 3)), 5, 12, 4)
		want := logits(net, 1, x, Batch)
		same(t, "evaluation", logits(net, 1, x, Eval), want)
		same(t, "the last image alone", logits(net, 1, x.RowBlock(4, 5), Eval), want[len(want)-spec.Out:])
	}
}

// TestConstantImage: an image whose units are all the same, up to rounding, is β, and lets no
// gradient through.
func TestConstantImage(t *testing.T) {
	ln := newLayerNorm[float64](3, Spec{Nets: 1, Eps: 2.2e-16, MaxRows: 2})
	ln.gamma, ln.beta, ln.dgamma, ln.dbeta = []float64{2, 2, 2}, []float64{0.7, 0.8, 0.9}, make([]float64, 3), make([]float64, 3)
	s := blas.Of(3, 2, []float64{0.1 + 0.2, -1, 0.3, 0, 0.3, 1}) // the first image is constant
	ln.forward(s)
	wide := 2 * math.Sqrt(1.5)
	same(t, "S̃", s.Data, []float64{0.7, 0.7 - wide, 0.8, 0.8, 0.9, 0.9 + wide})
	d, u := blas.Of(3, 2, []float64{1, 2, 3, 4, 5, 7}), newUpdate[float64](1)
	u.lossGradient()
	ln.backward(d, &u)
	if d.Data[0] != 0 || d.Data[2] != 0 || d.Data[4] != 0 || d.Data[1] == 0 {
		t.Errorf("gradient %v, want none for the first image", d.Data)
	}
}

// TestGhost: each group has the S̃ and the gradient that it has as a mini-batch of its own;
// running statistics move by the mean of those of the groups.
func TestGhost(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		size, groups := rapid.IntRange(2, 6).Draw(rt, "size"), rapid.IntRange(1, 4).Draw(rt, "groups")
		const width = 3
		n := size * groups
		of := func(ghost, rows int) (*batchNorm[float64], blas.Matrix[float64], []float64) {
			spec := Spec{Nets: 1, BatchNorm: 1, Eps: 1e-5, Alpha: 0.9, MaxRows: rows, Each: []Each{{Ghost: ghost}}}
			bn := newBatchNorm[float64](1, width, spec)
			bn.gamma, bn.beta = []float64{1, 2, -3}, []float64{0.1, 0, 5}
			bn.dgamma, bn.dbeta = make([]float64, width), make([]float64, width)
			bn.split(spec)
			ones := make([]float64, rows)
			fill(ones, 1)
			return bn, blas.New[float64](width, rows), ones
		}
		u := newUpdate[float64](1)
		u.lossGradient()
		bn, scratch, ones := of(size, n)
		s, d := blas.New[float64](width, n), blas.New[float64](width, n)
		for i := range s.Data {
			s.Data[i], d.Data[i] = rapid.Float64Range(-9, 9).Draw(rt, "s"), rapid.Float64Range(-9, 9).Draw(rt, "d")
		}
		in, g := blas.Of(width, n, slices.Clone(s.Data)), blas.Of(width, n, slices.Clone(d.Data))
		bn.forwardBatch(s, scratch, ones, true)
		bn.updateRunning()
		bn.backward(d, scratch, ones, &u)
		mean, variance, dgamma, dbeta := make([]float64, width), make([]float64, width), make([]float64, width), make([]float64, width)
		for i := range groups {
			one, scratch, ones := of(0, size)
			part, grad := blas.New[float64](width, size), blas.New[float64](width, size)
			for j := range width {
				copy(part.Row(j), in.Row(j)[i*size:])
				copy(grad.Row(j), g.Row(j)[i*size:])
			}
			one.forwardBatch(part, scratch, ones, true)
			one.updateRunning()
			one.backward(grad, scratch, ones, &u)
			for j := range width {
				near9(rt, "S̃", s.Row(j)[i*size:(i+1)*size], part.Row(j))
				near9(rt, "∂J/∂S", d.Row(j)[i*size:(i+1)*size], grad.Row(j))
				mean[j] += one.runMean[j] / float64(groups)
				variance[j] += one.runVar[j] / float64(groups)
				dgamma[j], dbeta[j] = dgamma[j]+one.dgamma[j], dbeta[j]+one.dbeta[j]
			}
		}
		near9(rt, "running mean", bn.runMean, mean)
		near9(rt, "running variance", bn.runVar, variance)
		near9(rt, "∂J/∂γ", bn.dgamma, dgamma)
		near9(rt, "∂J/∂β", bn.dbeta, dbeta)
	})
}

func near9(t *rapid.T, what string, got, want []float64) {
	for i := range want {
		if !(math.Abs(got[i]-want[i]) <= 1e-9*max(1, math.Abs(want[i]))) {
			t.Fatalf("%s is %v, want %v", what, got, want)
		}
	}
}

// TestNoise: factors and shifts are in their ranges around those of their unit, whose
// distribution is another in each update; evaluation has none.
func TestNoise(t *testing.T) {
	const n = 2000
	seen := map[float64]bool{}
	for update := range int64(20) {
		key := MaskKey(1, update, noisePlace)
		for j := range 5 {
			row, scale := make([]float64, n), make([]float64, n) // of zeros, which only the shift moves
			perturbUnit(key, j, row, scale)
			least, most := slices.Min(row), slices.Max(row)
			if least < -0.6 || most > 0.6 || most-least > 0.2 || most-least < 0.19 {
				t.Errorf("update %d, unit %d: shifts from %g to %g", update, j, least, most)
			}
			mean, v := spread(scale, make([]float64, n))
			if sd := math.Sqrt(v); mean < 0.99 || mean > 1.26 || sd < 0.09 || sd > 0.11 {
				t.Errorf("update %d, unit %d: factors %g ± %g", update, j, mean, sd)
			}
			seen[mean] = true
		}
	}
	if len(seen) != 100 {
		t.Errorf("%d distributions, want 100", len(seen))
	}
	spec := deepSpec(1, 1)
	plain := newNet[float64](t, spec, 3)
	spec.Each = []Each{{Noisy: true}}
	noisy := newNet[float64](t, spec, 3)
	x, _ := randomBatch[float64](rand.New(rand.NewPCG(3, 3)), 20, 12, 4)
	same(t, "evaluation", logits(noisy, 0, x, Eval), logits(plain, 0, x, Eval))
	first := logits(noisy, 0, x, Batch)
	if slices.Equal(first, logits(plain, 0, x, Batch)) {
		t.Error("no noise in training")
	}
	noisy.SetUpdates(1)
	if slices.Equal(first, logits(noisy, 0, x, Batch)) {
		t.Error("the same noise in the next update")
	}
}

// TestNoiseOfOddBatch: the last of an odd number of images has the noise that it has with one
// more behind it.
func TestNoiseOfOddBatch(t *testing.T) {
	odd, even, oddScale, evenScale := []float64{1, 2, 3}, []float64{1, 2, 3, 4}, make([]float64, 3), make([]float64, 4)
	perturbUnit(9, 2, odd, oddScale)
	perturbUnit(9, 2, even, evenScale)
	if !slices.Equal(odd, even[:3]) || !slices.Equal(oddScale, evenScale[:3]) {
		t.Errorf("%v by %v, want %v by %v", odd, oddScale, even[:3], evenScale[:3])
	}
}

// TestSkips: what is added where, as written out by hand.
func TestSkips(t *testing.T) {
	for _, c := range []struct {
		hidden []int
		skip   int
		want   []int
	}{
		{[]int{5, 5, 5}, 0, []int{-1, -1, -1}},
		{[]int{5, 5, 5}, 1, []int{-1, 0, 1}},
		{[]int{5, 5, 5, 5, 5}, 2, []int{-1, -1, 0, -1, 2}},
		{[]int{5, 4, 5, 4}, 2, []int{-1, -1, 0, -1}}, // that of 4 would overlap
		{[]int{3, 5, 5, 4, 4}, 1, []int{-1, -1, 1, -1, 3}},
		{[]int{50, 30, 20, 20, 10, 10, 10, 10}, 2, []int{-1, -1, -1, -1, -1, -1, 4, -1}},
		{nil, 1, nil},
	} {
		if got := (Spec{Hidden: c.hidden, Skip: c.skip}).skips(); !slices.Equal(got, c.want) {
			t.Errorf("skip %d of %v: %v, want %v", c.skip, c.hidden, got, c.want)
		}
	}
}

// TestSpecOfNormRefused: what New refuses, because its programmer made a mistake.
func TestSpecOfNormRefused(t *testing.T) {
	for want, change := range map[string]func(*Spec){
		"model: layer normalisation beside batch normalisation of 1 nets": func(s *Spec) { s.LayerNorm, s.BatchNorm = true, 1 },
		"model: no hidden layer 3 to normalise":                           func(s *Spec) { s.NormLayers = []int{1, 3} },
		"model: skip of -1 layers":                                        func(s *Spec) { s.Skip = -1 },
	} {
		spec := deepSpec(2, 0)
		change(&spec)
		if _, err := New[float64](spec); fmt.Sprint(err) != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
