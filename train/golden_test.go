package train

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"bnlab/blas"
	"bnlab/model"
)

// goldenMethods is what scripts/golden-methods.py computed with PyTorch's own modules.
type goldenMethods struct {
	X      [][]float64 // of all updates, one after the other
	Labels []int
	Start  []struct {
		Norm   bool // all hidden layers normalise, in front of the activation, or none
		Hidden []int
		Values map[string][]float64
	}
	Cases []goldenCase
}

type goldenCase struct {
	Config json.RawMessage // without what Default has too
	Losses []float64       // before each update, with label smoothing if any
	After  map[string][]float64

	Landscape []Probe
	Scores    map[model.Statistics]struct{ Loss, Acc float64 } // of all images after the last update
}

// rows are the images of a golden file as a training set.
type rows struct {
	x      [][]float64
	labels []uint8
}

func (r rows) Len() int { return len(r.x) }

func (r rows) Gather(x blas.Matrix[float64], labels []uint8, index []int32) {
	for i, k := range index {
		copy(x.Row(i), r.x[k])
		labels[i] = r.labels[k]
	}
}

// TestGoldenMethods trains with each method as PyTorch did: the loss before each of 24
// updates, and the parameters after them, are the same up to rounding, alone and beside
// another net.
func TestGoldenMethods(t *testing.T) {
	g := readGolden(t)
	for _, c := range g.Cases {
		config := Default()
		config.Precision, config.Evals = F64, 1
		if err := json.Unmarshal(c.Config, &config); err != nil {
			t.Fatal(err)
		}
		name, _ := json.Marshal(config.Options())
		for _, nets := range []int{1, 2} {
			t.Run(string(name), func(t *testing.T) { g.check(t, c, config, nets) })
		}
	}
}

func readGolden(t *testing.T) (g goldenMethods) {
	t.Helper()
	raw, err := os.ReadFile("testdata/golden-methods.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &g); err != nil {
		t.Fatal(err)
	}
	return g
}

// check trains the net of a case as the last of so many.
func (g goldenMethods) check(t *testing.T, c goldenCase, config Config, nets int) {
	f, k := g.begin(t, config, nets)
	for i, want := range c.Losses {
		batch := f.batches.at(i)
		if got := f.loss(k, batch.x, batch.labels); !close10(got, want) {
			t.Fatalf("loss before update %d is %.15g, want %.15g", i+1, got, want)
		}
		f.step()
	}
	if len(c.Losses) < 20 {
		t.Errorf("%d updates, too few", len(c.Losses))
	}
	for _, p := range f.net.Tensors(k) {
		if p.Grad == nil {
			continue
		}
		want := c.After[p.Name]
		if len(want) != len(p.Data) {
			t.Fatalf("%s: %d values, want %d", p.Name, len(p.Data), len(want))
		}
		for i, got := range p.Data {
			if !close10(got, want[i]) {
				t.Errorf("%s after all updates: element %d is %.15g, want %.15g", p.Name, i, got, want[i])
				break
			}
		}
	}
}

// begin returns the training of a configuration as the last of so many nets, and its place
// among them, from the first parameters of the file.
func (g goldenMethods) begin(t *testing.T, config Config, nets int) (f *fit[float64], k int) {
	other := config
	other.Lambda, other.EtaMax, other.Seed = 0.1, 0.2, 9 // which must not leak
	withoutNorm(&other)
	other.Evaluation = Default().Evaluation
	configs := []Config{other, config}[2-nets:]
	images := rows{g.X, make([]uint8, len(g.Labels))}
	for i, y := range g.Labels {
		images.labels[i] = uint8(y)
	}
	data := Data[float64]{Dim: len(g.X[0]), Classes: 4, Train: images, Val: images, Test: images}
	f, err := newFit(configs, data, Discard, Discard)
	if err != nil {
		t.Fatal(err)
	}
	f.ctx = t.Context()
	f.order.epoch = 0 // which is not shuffled: the file has the images in their order
	for i := range f.order.index {
		f.order.index[i] = int32(i)
	}
	f.batches = newBatches(f.data.Train, f.order, config.Augmentation, false, data.Dim, 0, config.Steps(), false)
	k = f.place()[nets-1]
	g.start(t, config, f.net, k)
	return f, k
}

// loss returns that of net k on a mini-batch, in the mode of a training, as it is minimised.
func (f *fit[T]) loss(k int, x blas.Matrix[T], labels []uint8) float64 {
	return f.net.Score(x, labels, model.Batch)[k].MeanCost()
}

// start sets the parameters of net k to the first ones of the file, by their layer and what
// they are.
func (g goldenMethods) start(t *testing.T, config Config, net *model.Network[float64], k int) {
	normalises, stride := config.Normalised() != model.NoNorm, 2
	if normalises {
		stride = 3
	}
	for _, s := range g.Start {
		if s.Norm != normalises || !slices.Equal(s.Hidden, config.Hidden) {
			continue
		}
		for _, p := range net.Tensors(k) {
			module := (p.Layer - 1) * stride
			if p.Kind != model.Weight && p.Kind != model.Bias {
				module++
			}
			_, kind, _ := strings.Cut(p.Name, ".")
			if name := fmt.Sprintf("%d.%s", module, kind); p.Grad != nil && copy(p.Data, s.Values[name]) != len(p.Data) {
				t.Fatalf("%s has %d values, the file %d", p.Name, len(p.Data), len(s.Values[name]))
			}
		}
		return
	}
	t.Fatalf("no initial parameters for hidden %v", config.Hidden)
}

func close10(got, want float64) bool { return math.Abs(got-want) <= 1e-10*max(1, math.Abs(want)) }
