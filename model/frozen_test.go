package model

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"bnlab/blas"
	"bnlab/blas/racetest"
)

// TestFrozen: whatever is frozen keeps its bits over several steps of any optimiser, and has a
// gradient of 0; what is not has the gradient, and after the first step the bits, that it has
// where nothing is frozen. No step allocates anything.
func TestFrozen(t *testing.T) {
	t.Run("float32", func(t *testing.T) { rapid.Check(t, frozenStays[float32]) })
	t.Run("float64", func(t *testing.T) { rapid.Check(t, frozenStays[float64]) })
}

func frozenStays[T blas.Float](t *rapid.T) {
	spec := drawTrained(t)
	spec.Half = spec.Half && blas.Bits[T]() == 32
	var words []string
	for l := 0; l <= len(spec.Hidden)+1; l++ {
		for _, kind := range frozenKinds {
			word := FrozenTensor{l, kind}
			if len(spec.LayersOf(word)) > 0 && rapid.Bool().Draw(t, word.String()) {
				words = append(words, word.String())
			}
		}
	}
	free := newNetOf[T](t, spec)
	spec.Frozen = Frozen(strings.Join(words, "+")) // empty for none
	net := newNetOf[T](t, spec)
	x, labels := randomBatch[T](rand.New(rand.NewPCG(4, 4)), 20, 12, 4)
	eta, lambda := each(spec.Nets, 0.05, 0.02), each(spec.Nets, 0.1, 0.3)

	frozen := func(p Tensor[T]) bool { return p.Grad != nil && spec.Frozen.Has(p.Layer, p.Kind) }
	net.Gradient(x, labels, lambda)
	free.Gradient(x, labels, lambda)
	first := copyOf(net)
	for i, p := range tensorsOf(net) {
		if want := tensorsOf(free)[i]; frozen(p) {
			if slices.ContainsFunc(p.Grad, func(g T) bool { return g != 0 }) {
				t.Fatalf("%s is frozen, and %s has a gradient", spec.Frozen, p.Name)
			}
		} else if !slices.Equal(p.Grad, want.Grad) {
			t.Fatalf("%s frozen: the gradient of %s is another", spec.Frozen, p.Name)
		}
	}
	net.Step(x, labels, eta, lambda)
	free.Step(x, labels, eta, lambda)
	for i, p := range tensorsOf(net) {
		if !frozen(p) && !slices.Equal(p.Data, tensorsOf(free)[i].Data) {
			t.Fatalf("%s frozen: a step moves %s elsewhere", spec.Frozen, p.Name)
		}
	}
	if n := testing.AllocsPerRun(3, func() { net.Step(x, labels, eta, lambda) }); n != 0 && !(spec.Half && racetest.Enabled) {
		t.Fatalf("%s frozen: %g allocations", spec.Frozen, n)
	}
	for i, p := range tensorsOf(net) {
		if frozen(p) && !slices.Equal(p.Data, first[i]) {
			t.Fatalf("%s is frozen, and steps change %s", spec.Frozen, p.Name)
		}
	}
}

// drawTrained returns a network with one of all that decides what a step touches.
func drawTrained(t *rapid.T) Spec {
	nets := rapid.IntRange(1, 3).Draw(t, "nets")
	spec := Spec{In: 12, Hidden: rapid.SampledFrom([][]int{{}, {6}, {6, 6, 6}}).Draw(t, "hidden"), Out: 4, Nets: nets, Eps: 1e-5, Alpha: 0.9, MaxRows: 20}
	if spec.LayerNorm = rapid.Bool().Draw(t, "layer normalisation"); !spec.LayerNorm {
		spec.BatchNorm = rapid.IntRange(0, nets).Draw(t, "with BN")
	}
	spec.NormAfter = rapid.Bool().Draw(t, "after")
	if len(spec.Hidden) > 1 && rapid.Bool().Draw(t, "in some") {
		spec.NormLayers = []int{1, 3}
	}
	spec.Skip = rapid.IntRange(0, 2).Draw(t, "skip")
	spec.Optimiser = rapid.SampledFrom([]Optimiser{SGD, Adam, AdamW}).Draw(t, "optimiser")
	e := Each{Beta1: 0.9, Beta2: 0.99, AdamEps: 1e-8, DecayAll: rapid.Bool().Draw(t, "decay of all")}
	if spec.Optimiser == SGD {
		e.Momentum = rapid.SampledFrom([]float64{0, 0.5}).Draw(t, "momentum")
	}
	if rapid.Bool().Draw(t, "groups") {
		e.Ghost, e.Noisy, e.Dropout = 5, true, 0.2
	}
	spec.Each = slices.Repeat([]Each{e}, nets)
	spec.Half = rapid.Bool().Draw(t, "bf16")
	return spec
}

func newNetOf[T blas.Float](t *rapid.T, spec Spec) *Network[T] {
	net, err := New[T](spec)
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 1))
	for _, p := range tensorsOf(net) {
		for i := range p.Data {
			p.Data[i] = T(0.1 + random.Float64())
		}
	}
	return net
}

// tensorsOf returns those of all nets.
func tensorsOf[T blas.Float](net *Network[T]) (all []Tensor[T]) {
	for k := range net.Spec.Nets {
		all = append(all, net.Tensors(k)...)
	}
	return all
}

func copyOf[T blas.Float](net *Network[T]) (all [][]T) {
	for _, p := range tensorsOf(net) {
		all = append(all, slices.Clone(p.Data))
	}
	return all
}

// TestFrozenCost: of what is frozen no gradient is computed, and none at all below the lowest
// layer that is not.
func TestFrozenCost(t *testing.T) {
	for frozen, want := range map[Frozen]struct{ products, layers int }{
		"":                                       {4 + 4 + 3, 3}, // forward, ∂J/∂W, ∂J/∂A
		"1.W":                                    {4 + 3 + 3, 3}, // not D·X
		"W+b":                                    {4 + 0 + 3, 3}, // γ of layer 1 needs all ∂J/∂A
		"1.W+1.b+1.gamma":                        {4 + 3 + 3, 3},
		"1.W+1.b+1.gamma+1.beta":                 {4 + 3 + 2, 2},
		"gamma+beta+1.W+1.b+2.W+2.b+3.W+3.b":     {4 + 1 + 0, 0},
		"gamma+beta+1.W+1.b+2.W+2.b+3.W+3.b+4.W": {4 + 0 + 0, 0},
	} {
		spec := Spec{In: 12, Hidden: []int{9, 8, 7}, Out: 4, Nets: 1, BatchNorm: 1, Eps: 1e-5, Alpha: 0.9, MaxRows: 20, Frozen: frozen}
		net, err := New[float64](spec)
		if err != nil {
			t.Fatal(err)
		}
		x, labels := randomBatch[float64](rand.New(rand.NewPCG(1, 1)), 20, 12, 4)
		calls := map[string]int{}
		blas.Trace(func(c blas.Call) { calls[c.Name]++ }, func() { net.Step(x, labels, []float64{0.1}, []float64{0.1}) })
		if calls["Gemm"] != want.products || calls["ReLUMask"] != want.layers || calls["Project"] != want.layers {
			t.Errorf("%s: %d products, want %d, and backward through %d hidden layers, want %d", frozen, calls["Gemm"], want.products, calls["Project"], want.layers)
		}
	}
}

// TestFrozenChecked: the gradient check leaves out what is frozen, and nothing else.
func TestFrozenChecked(t *testing.T) {
	spec := Spec{In: 12, Hidden: []int{7, 5}, Out: 4, Nets: 1, BatchNorm: 1, Eps: 1e-5, Alpha: 0.9, MaxRows: 20, Frozen: "W+2.b+1.gamma"}
	net := newNet[float64](t, spec, 5)
	x, labels := randomBatch[float64](rand.New(rand.NewPCG(1, 2)), 20, 12, 4)
	net.Gradient(x, labels, []float64{0.1})
	checks, err := CheckGradient(t.Context(), net, 0, x, labels, 0.1, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	var got []FrozenTensor
	for _, c := range checks {
		if got = append(got, FrozenTensor{c.Layer, c.Name}); !c.OK {
			t.Errorf("%+v", c)
		}
	}
	if diff := cmp.Diff([]FrozenTensor{{1, Bias}, {1, Beta}, {2, Gamma}, {2, Beta}, {3, Bias}}, got); diff != "" {
		t.Errorf("checked, want − got +\n%s", diff)
	}
}

// TestFrozenForm: one form for each set of words, and none for what are no words.
func TestFrozenForm(t *testing.T) {
	for text, want := range map[Frozen]Frozen{
		"none": "none", "W": "W", "beta+gamma+b+W": "W+b+gamma+beta", "2.W+1.beta+1.b+W": "W+1.b+1.beta+2.W", "10.W+9.W": "9.W+10.W", "b+b": "b+b",
	} {
		if got := text.Sorted(); got != want || got.Sorted() != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
		if _, ok := text.Tensors(); !ok {
			t.Errorf("%q is refused", text)
		}
	}
	for _, text := range []Frozen{"", "+", "none+W", "W+", "w", "0.W", "-1.W", "01.W", "+1.W", "1.", ".W", "1.1.W", "W b", "W,b", "running_mean", "99999999999999999999.W"} {
		if all, ok := text.Tensors(); ok || text.Sorted() != text {
			t.Errorf("%q is read as %v", text, all)
		}
	}
}

// TestFrozenRefused: a network has what it is to freeze.
func TestFrozenRefused(t *testing.T) {
	for frozen, want := range map[Frozen]string{
		"V": `model: frozen "V"`, "3.W": "model: no 3.W to freeze", "2.gamma": "model: no 2.gamma to freeze", "W+beta": "", "1.beta": "",
	} {
		_, err := New[float64](Spec{In: 12, Hidden: []int{7}, Out: 4, Nets: 2, BatchNorm: 1, MaxRows: 20, Frozen: frozen})
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%q: %q, want %q", frozen, got, want)
		}
	}
}
