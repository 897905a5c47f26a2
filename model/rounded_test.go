package model

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"bnlab/blas"
	"bnlab/blas/racetest"
)

// emulated is a network of linear layers and ReLU with the operands of all products
// rounded, in plain Go and double precision.
type emulated struct {
	w, b  [][]float64 // of each layer: out×in, row by row, and out
	sizes []int       // of the input and each layer
	scale float64     // by which the weights of layer 1 are multiplied
}

func nearest(x float64) float64 { return float64(blas.ToHalf(float32(x)).Float32()) }

func emulate(net *Network[float64], k int) *emulated {
	e := &emulated{sizes: []int{net.Spec.In}, scale: 1}
	for _, t := range net.Tensors(k) {
		if t.Kind == Weight {
			e.w, e.sizes = append(e.w, slices.Clone(t.Data)), append(e.sizes, t.Shape[0])
		} else {
			e.b = append(e.b, slices.Clone(t.Data))
		}
	}
	return e
}

// weight returns that of layer l from unit j to unit i.
func (e *emulated) weight(l, i, j int) float64 {
	w := e.w[l][i*e.sizes[l]+j]
	if l == 0 {
		w *= e.scale
	}
	return w
}

// forward returns what each layer reads, and the logits, for one image.
func (e *emulated) forward(x []float64) (a [][]float64) {
	a = append(a, x)
	for l := range e.w {
		s := slices.Clone(e.b[l])
		for i := range s {
			for j, v := range a[l] {
				s[i] += nearest(e.weight(l, i, j)) * nearest(v)
			}
			if l < len(e.w)-1 {
				s[i] = max(0, s[i])
			}
		}
		a = append(a, s)
	}
	return a
}

// step is one of gradient descent on the mean cross-entropy of the images.
func (e *emulated) step(x blas.Matrix[float64], labels []uint8, eta, lambda float64) {
	decay, layers := 1-2*lambda*eta, len(e.w)
	before := &emulated{sizes: e.sizes, scale: e.scale}
	for l := range e.w {
		before.w, before.b = append(before.w, slices.Clone(e.w[l])), append(before.b, slices.Clone(e.b[l]))
	}
	e.scale *= decay
	for l := 1; l < layers; l++ {
		for i := range e.w[l] {
			e.w[l][i] *= decay
		}
	}
	for image := range x.Rows {
		a := before.forward(x.Row(image))
		d, sum := slices.Clone(a[layers]), 0.0
		for _, s := range d {
			sum += math.Exp(s)
		}
		for i := range d {
			d[i] = math.Exp(d[i]) / sum
			if i == int(labels[image]) {
				d[i]--
			}
			d[i] /= float64(x.Rows)
		}
		for l := layers - 1; l >= 0; l-- {
			factor := -eta
			if l == 0 {
				factor /= e.scale
			}
			below := make([]float64, e.sizes[l])
			for i, g := range d {
				e.b[l][i] -= eta * g
				for j, v := range a[l] {
					e.w[l][i*e.sizes[l]+j] += nearest(factor*g) * nearest(v)
					if v > 0 {
						below[j] += nearest(before.weight(l, i, j)) * nearest(g)
					}
				}
			}
			d = below
		}
	}
}

// TestRoundedEmulation: 24 updates give the parameters and logits of an emulation that
// rounds each operand by itself, alone and beside another net.
func TestRoundedEmulation(t *testing.T) {
	for _, nets := range []int{1, 3} {
		spec := deepSpec(nets, 0)
		spec.Half = true
		net, random := newNet[float64](t, spec, 1), rand.New(rand.NewPCG(5, 5))
		e := emulate(net, nets-1)
		eta, lambda := each(nets, 0.3, 0.05), each(nets, 0.02, 0.01)
		for update := range 24 {
			x, labels := randomBatch[float64](random, 20, 12, 4)
			net.Step(x, labels, eta, lambda)
			e.step(x, labels, eta[nets-1], lambda[nets-1])
			logits := net.Forward(x, Eval)
			for i := range x.Rows {
				want := e.forward(x.Row(i))[len(e.w)]
				for c, w := range want {
					if got := net.layers[2].outOf(logits, nets-1).At(c, i); math.Abs(got-w) > 1e-10*(1+math.Abs(w)) {
						t.Fatalf("%d nets, after update %d: logit %d of image %d is %.15g, want %.15g", nets, update+1, c, i, got, w)
					}
				}
			}
		}
	}
}

// TestRoundedOperands: what the products of a step are given, to the bit, and that they
// are those of these operands to 1e-6 of the sum of their terms.
func TestRoundedOperands(t *testing.T) {
	spec := deepSpec(2, 1)
	spec.Half = true
	net := newNet[float32](t, spec, 3)
	x, labels := randomBatch[float32](rand.New(rand.NewPCG(6, 6)), 20, 12, 4)
	for range 3 {
		net.Step(x, labels, each(2, 0.1, 0.1), each(2, 0.01, 0))
	}
	net.Forward(x, Eval)
	for l := range net.layers {
		ly := &net.layers[l]
		a := x
		if l > 0 {
			a = net.layers[l-1].view(net.layers[l-1].out, 20)
		}
		ra := ly.rounded.read
		for i := range a.Rows {
			for j, v := range a.Row(i) {
				if got := ra.At(i, j); got != blas.ToHalf(v) {
					t.Fatalf("layer %d: input (%d,%d), %v, became %v", l+1, i, j, v, got.Float32())
				}
			}
		}
		for i := range ly.w.Rows {
			for j, v := range ly.w.Row(i) {
				if got := ly.rounded.w.At(i, j); got != blas.ToHalf(ly.weightScale[i]*v) {
					t.Fatalf("layer %d: weight (%d,%d), %v, became %v", l+1, i, j, v, got.Float32())
				}
			}
		}
	}
	logits := net.layers[2]
	for i := range logits.fanOut {
		for n := range 20 {
			sum, size := float64(logits.b[i]), math.Abs(float64(logits.b[i]))
			for j := range logits.fanIn {
				term := float64(logits.rounded.w.At(i, j).Float32()) * float64(logits.rounded.read.At(j, n).Float32())
				sum, size = sum+term, size+math.Abs(term)
			}
			if got := float64(logits.view(logits.out, 20).At(i, n)); math.Abs(got-sum) > 1e-6*size {
				t.Errorf("logit %d of image %d is %v, want %v", i, n, got, sum)
			}
		}
	}
}

// TestStepHalf: a mini-batch that is given rounded makes the steps of one that is not.
func TestStepHalf(t *testing.T) {
	stepHalf(t)
	withOneDNN(t)
	stepHalf(t)
}

func stepHalf(t *testing.T) {
	spec := deepSpec(2, 1)
	spec.Half = true
	net, given := newNet[float32](t, spec, 3), newNet[float32](t, spec, 3)
	x, labels := randomBatch[float32](rand.New(rand.NewPCG(8, 8)), 20, 12, 4)
	h := blas.New[blas.Half](blas.HalfDepth(20), 12)
	blas.Round(1, x, h.RowBlock(0, 20))
	eta, lambda := each(2, 0.1, 0.1), each(2, 0.01, 0)
	for range 3 {
		net.Step(x, labels, eta, lambda)
		given.StepHalf(h, labels, eta, lambda)
		net.Score(x, labels, Eval) // which rounds it again
		given.Score(x, labels, Eval)
	}
	if !slices.Equal(net.Params(), given.Params()) {
		t.Error("other parameters")
	}
	if n := testing.AllocsPerRun(5, func() { given.StepHalf(h, labels, eta, lambda) }); n != 0 && !racetest.Enabled {
		t.Errorf("%v allocations", n)
	}
}

// TestRoundedBeside: nets have the bits that each has alone.
func TestRoundedBeside(t *testing.T) {
	spec := deepSpec(3, 2)
	spec.Half = true
	x, labels := randomBatch[float32](rand.New(rand.NewPCG(7, 7)), 20, 12, 4)
	together := newNet[float32](t, spec, 1)
	eta, lambda := each(3, 0.1, 0.05), each(3, 0.01, 0.01)
	for k := range 3 {
		own := spec
		own.Nets, own.BatchNorm = 1, min(1, max(0, spec.BatchNorm-k))
		alone := newNet[float32](t, own, uint64(1+k))
		for i, tensor := range alone.Tensors(0) {
			copy(tensor.Data, together.Tensors(k)[i].Data)
		}
		for range 5 {
			alone.Step(x, labels, eta[k:k+1], lambda[k:k+1])
		}
		for i, tensor := range alone.Tensors(0) {
			copied := newNet[float32](t, spec, 1)
			for range 5 {
				copied.Step(x, labels, eta, lambda)
			}
			if !slices.Equal(copied.Tensors(k)[i].Data, tensor.Data) {
				t.Errorf("net %d: %s differs beside others", k, tensor.Name)
			}
		}
	}
}

// TestRoundedGolden: 24 updates of a network with batch normalisation give the losses and
// parameters that scripts/golden-bf16.py computed with PyTorch.
func TestRoundedGolden(t *testing.T) {
	raw, err := os.ReadFile("testdata/bf16.json")
	if err != nil {
		t.Fatal(err)
	}
	var g struct {
		Hidden           []int
		Eta, Lambda, Eps float64
		Batches          []images
		Start, After     map[string][]float64
		Losses           []float64
	}
	if err := json.Unmarshal(raw, &g); err != nil {
		t.Fatal(err)
	}
	for _, nets := range []int{1, 2} {
		spec := Spec{In: 12, Hidden: g.Hidden, Out: 4, Nets: nets, BatchNorm: nets, Eps: g.Eps, Alpha: 0.9, MaxRows: 9, Half: true}
		net, last := newNet[float64](t, spec, 1), nets-1
		for _, tensor := range net.Tensors(last) {
			copy(tensor.Data, g.Start[tensor.Name])
		}
		eta, lambda := make([]float64, nets), make([]float64, nets)
		eta[0], lambda[0] = 0.3, 0.1 // of a net beside it
		eta[last], lambda[last] = g.Eta, g.Lambda
		for i, batch := range g.Batches {
			x, labels := batch.batch()
			if loss := net.Step(x, labels, eta, lambda)[last].MeanLoss(); math.Abs(loss-g.Losses[i]) > 1e-10 {
				t.Fatalf("%d nets: loss before update %d is %.15g, want %.15g", nets, i+1, loss, g.Losses[i])
			}
		}
		for _, tensor := range net.Tensors(last) {
			for i, want := range g.After[tensor.Name] {
				if got := tensor.Data[i]; math.Abs(got-want) > 1e-10 {
					t.Fatalf("%d nets: %s: element %d is %.15g, want %.15g", nets, tensor.Name, i, got, want)
				}
			}
		}
	}
}

// TestRoundedWritten: weights that somebody writes after a step are those that the next pass
// reads, though a step leaves them rounded.
func TestRoundedWritten(t *testing.T) {
	spec := deepSpec(2, 1)
	spec.Half = true
	x, labels := randomBatch[float32](rand.New(rand.NewPCG(8, 8)), 20, 12, 4)
	eta, lambda := each(2, 0.1, 0.1), each(2, 0.01, 0)
	for name, weights := range map[string]func(*Network[float32]) []float32{
		"Params":  func(net *Network[float32]) []float32 { return net.Params()[:len(net.layers[0].w.Data)] },
		"Tensors": func(net *Network[float32]) []float32 { return net.Tensors(1)[0].Data },
	} {
		net := newNet[float32](t, spec, 3)
		net.Step(x, labels, eta, lambda)
		before := slices.Clone(net.Forward(x, Eval).Data)
		w := weights(net)
		for range 2 { // as often as it is written
			for i := range w {
				w[i] += 0.5
			}
			after := slices.Clone(net.Forward(x, Eval).Data)
			if slices.Equal(after, before) {
				t.Errorf("%s: a pass did not see what was written", name)
			}
			before = after
		}
	}
}
