package model

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"bnlab/blas"
)

// golden is what scripts/golden.py computed with PyTorch in float64: three steps
// of one net, and its evaluation after them.
type golden struct {
	In        int
	Hidden    []int
	Out       int
	BatchNorm bool `json:"batch_norm"`
	Eps       float64
	Alpha     float64
	Lambda    float64
	Eta       float64
	Batches   []images
	Start     map[string][]float64
	Steps     []struct {
		Logits     [][]float64
		Loss, Cost float64
		Grads      map[string][]float64
		After      map[string][]float64
	}
	Eval struct {
		images
		Logits         [][]float64
		Loss, Accuracy float64
	}
}

type images struct {
	X      [][]float64
	Labels []int
}

func (im images) batch() (blas.Matrix[float64], []uint8) {
	x := blas.Of(len(im.X), len(im.X[0]), slices.Concat(im.X...))
	labels := make([]uint8, len(im.Labels))
	for i, y := range im.Labels {
		labels[i] = uint8(y)
	}
	return x, labels
}

func loadGolden(t *testing.T, file string) golden {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var g golden
	if err := json.Unmarshal(raw, &g); err != nil {
		t.Fatal(err)
	}
	return g
}

// TestGolden compares every number of a training step with PyTorch's: logits, loss,
// cost, gradients, parameters and running statistics after each of three steps, then
// logits, loss and accuracy in evaluation. The net is tested alone and as the second of
// two side by side.
func TestGolden(t *testing.T) {
	files, _ := filepath.Glob("testdata/golden-*.json")
	if len(files) == 0 {
		t.Fatal("no golden files in testdata")
	}
	for _, file := range files {
		for _, nets := range []int{1, 2} {
			t.Run(filepath.Base(file), func(t *testing.T) { loadGolden(t, file).check(t, nets) })
		}
	}
}

func (g golden) check(t *testing.T, nets int) {
	k := nets - 1
	spec := Spec{In: g.In, Hidden: g.Hidden, Out: g.Out, Nets: nets, Eps: g.Eps, Alpha: g.Alpha, MaxRows: 64}
	if g.BatchNorm {
		spec.BatchNorm = nets
	}
	net := newNet[float64](t, spec, 3)
	for _, p := range net.Tensors(k) {
		if p.Grad != nil {
			if copy(p.Data, g.Start[p.Name]) != len(g.Start[p.Name]) {
				t.Fatalf("%s has %d values, golden %d", p.Name, len(p.Data), len(g.Start[p.Name]))
			}
		}
	}
	// The neighbour has its own λ and η, which must not leak.
	lambda, eta := []float64{0.5, g.Lambda}[2-nets:], []float64{0.01, g.Eta}[2-nets:]
	for i, step := range g.Steps {
		x, labels := g.Batches[i].batch()
		score := net.Gradient(x, labels, lambda)[k]
		same(t, "loss", []float64{score.MeanLoss()}, []float64{step.Loss})
		same(t, "cost", []float64{score.MeanLoss() + g.Lambda*net.SquaredWeights(k)}, []float64{step.Cost})
		for _, p := range net.Tensors(k) {
			if p.Grad != nil {
				same(t, "gradient of "+p.Name, p.Grad, step.Grads[p.Name])
			}
		}
		same(t, "logits", logits(net, k, x, Batch), slices.Concat(step.Logits...))
		net.Step(x, labels, eta, lambda)
		for _, p := range net.Tensors(k) {
			same(t, p.Name+" after the step", p.Data, step.After[p.Name])
		}
	}
	x, labels := g.Eval.batch()
	same(t, "logits in evaluation", logits(net, k, x, Eval), slices.Concat(g.Eval.Logits...))
	score := net.Score(x, labels, Eval)[k]
	same(t, "evaluation", []float64{score.MeanLoss(), score.Accuracy()}, []float64{g.Eval.Loss, g.Eval.Accuracy})
	for _, p := range net.Tensors(k) {
		same(t, p.Name+" after evaluation", p.Data, g.Steps[len(g.Steps)-1].After[p.Name])
	}
}

// logits returns those of net k, image by image.
func logits(net *Network[float64], k int, x blas.Matrix[float64], mode Mode) []float64 {
	all := net.Forward(x, mode)
	var out []float64
	for i := range all.Cols {
		for j := k * net.Spec.Out; j < (k+1)*net.Spec.Out; j++ {
			out = append(out, all.At(j, i))
		}
	}
	return out
}

func same(t *testing.T, what string, got, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d values, want %d", what, len(got), len(want))
	}
	for i := range got {
		if !(math.Abs(got[i]-want[i]) <= 1e-10*max(1, math.Abs(want[i]))) {
			t.Errorf("%s: element %d is %v, want %v", what, i, got[i], want[i])
			return
		}
	}
}
