package train

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"bnlab/blas"
	"bnlab/model"
)

func readGoldenEvaluation(t *testing.T) (cases []goldenCase) {
	t.Helper()
	raw, err := os.ReadFile("testdata/golden-evaluation.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &cases); err != nil {
		t.Fatal(err)
	}
	return cases
}

// TestGoldenEvaluation: after the updates of a case, evaluations with each kind of
// statistics are those of PyTorch (scripts/golden-evaluation.py), alone and beside another
// net.
func TestGoldenEvaluation(t *testing.T) {
	g := readGolden(t)
	for _, c := range readGoldenEvaluation(t) {
		config := Default()
		config.Precision, config.Evals = F64, 1
		if err := json.Unmarshal(c.Config, &config); err != nil {
			t.Fatal(err)
		}
		for _, nets := range []int{1, 2} {
			f, k := g.begin(t, config, nets)
			for range config.Steps() {
				if f.step(); config.Snapshots && f.done == 2*config.NS {
					snapshotIs(t, f.net, k, c.After)
				}
			}
			if len(f.results[nets-1].Landscape) != len(c.Landscape) {
				t.Fatalf("%v: %d probes, want %d", config.Options(), len(f.results[nets-1].Landscape), len(c.Landscape))
			}
			for i, got := range f.results[nets-1].Landscape {
				if want := c.Landscape[i]; !got.is(want) {
					t.Errorf("%v, %d nets: probe %+v, want %+v", config.Options(), nets, got, want)
				}
			}
			by := f.byStatistics(0, true)[k]
			for kind, want := range c.Scores {
				m := by.Of(kind)
				if m == nil {
					t.Fatalf("%v: no %s", config.Options(), kind)
				}
				for set, got := range map[string][2]float64{"training": {m.TrainLoss, m.TrainAcc}, "validation": {m.ValLoss, m.ValAcc}, "test": {m.TestLoss, m.TestAcc}} {
					if !close10(got[0], want.Loss) || !close10(got[1], want.Acc) {
						t.Errorf("%v, %d nets: %s, %s: loss and accuracy %.15g, want %.15g", config.Options(), nets, kind, set, got, want)
					}
				}
			}
			if asked := len(config.kinds()); len(c.Scores) != asked {
				t.Errorf("%v: %d kinds of %d", config.Options(), len(c.Scores), asked)
			}
		}
	}
}

// TestObserversDoNotTouch: whatever is evaluated beside it, a training has the bits that it
// has without: of parameters, running statistics and the study's evaluations.
func TestObserversDoNotTouch(t *testing.T) {
	for name, c := range observers() {
		t.Run(name+" f64", func(t *testing.T) { untouched[float64](t, c) })
		t.Run(name+" f32", func(t *testing.T) { untouched[float32](t, f32(c)) })
	}
}

func untouched[T blas.Float](t *testing.T, c Config) {
	plain := c
	plain.Evaluation = Default().Evaluation
	want, got := fitAll[T](t, plain), fitAll[T](t, c)
	for i, p := range want.tensors(0) {
		if !slices.Equal(p.Data, got.tensors(0)[i].Data) {
			t.Errorf("%s %s is another", p.Name, p.Kind)
		}
	}
	points := slices.Clone(got.points[0])
	for i := range points {
		if points[i].ByStatistics == (ByStatistics{}) && c.Statistics != "" {
			t.Errorf("step %d: no statistics but the running ones", points[i].Step)
		}
		points[i].ByStatistics = ByStatistics{}
	}
	if diff := cmp.Diff(want.points[0], points) + cmp.Diff(want.results[0].Final.Metrics, got.results[0].Final.Metrics); diff != "" {
		t.Errorf("without − with +\n%s", diff)
	}
}

// TestStatisticsOfWholeSet: of all training images in one batch, precise, adaptive and
// batch statistics are the same on these images, and adaptive ones do not depend on how
// many go through the network at a time.
func TestStatisticsOfWholeSet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := small()
		c.Hidden = rapid.SliceOfN(rapid.IntRange(1, 9), 1, 3).Draw(t, "hidden")
		n := rapid.IntRange(2, 90).Draw(t, "images")
		c.Batch, c.Seed = n, rapid.Uint64().Draw(t, "seed")
		c.Statistics = "precise+adaptive+batch"
		random := rand.New(rand.NewPCG(c.Seed, 7))
		set := rows{make([][]float64, n), make([]uint8, n)}
		for i := range set.x {
			set.x[i] = make([]float64, dim)
			for j := range set.x[i] {
				set.x[i][j] = 3 + random.NormFloat64()
			}
			set.labels[i] = uint8(random.IntN(classes))
		}
		f, err := newFit([]Config{c}, Data[float64]{Dim: dim, Classes: classes, Train: set, Val: set, Test: set}, Discard, Discard)
		if err != nil {
			t.Fatal(err)
		}
		f.ctx = t.Context()
		by := f.byStatistics(0, true)[0]
		want := *by.Batch
		for _, got := range []*Measured{by.Precise, by.Adaptive} {
			if math.Abs(got.TestLoss-want.TestLoss) > 1e-9*max(1, want.TestLoss) || got.ValLoss != got.TestLoss {
				t.Fatalf("%d images, hidden %v: %+v, want %+v", n, c.Hidden, got, want)
			}
		}
		x, labels := blas.New[float64](n, dim), make([]uint8, n)
		whole := make([]int32, n)
		for i := range whole {
			whole[i] = int32(i)
		}
		set.Gather(x, labels, whole)
		if one := f.net.Score(x, labels, model.EvalBatch)[0].MeanLoss(); math.Abs(one-want.TestLoss) > 1e-12*max(1, one) {
			t.Fatalf("statistics of one batch give %g, those of its images %g", want.TestLoss, one)
		}
	})
}

// TestMoments: of batches of any sizes, mean and variance are those of all their images;
// of batches of one size, Wu and Johnson's mean of the means and E[v + μ²] − μ̄².
func TestMomentsOfBatches(t *testing.T) {
	data, _ := draw[float64]()
	c := small()
	c.Statistics = "adaptive"
	f, err := newFit([]Config{c}, data, Discard, Discard)
	if err != nil {
		t.Fatal(err)
	}
	f.ctx = t.Context()
	var losses []string
	for _, rows := range []int{7, 13, trainSize} { // 60 = 8·7 + 4
		e := f.evaluator
		p := model.NewPopulation(e.Net)
		for l := range p.Layers() {
			e.visit(f.ctx, data.Train, 0, trainSize, rows, func(x blas.Matrix[float64], _ []uint8) { p.Add(x, l, l+1) })
			p.Use(l, l+1)
		}
		x, labels := whole(data.Train)
		losses = append(losses, fmt.Sprintf("%.11f", f.net.Score(x, labels, model.Eval)[0].MeanLoss()))
		p.Restore()
	}
	if losses[0] != losses[2] || losses[1] != losses[2] {
		t.Errorf("by 7, 13 and all images at a time: losses %v", losses)
	}
}

// TestStatisticsNotFinite: where a variance overflows in the evaluation alone there are no
// numbers, the training has not diverged, and its record can be written.
func TestStatisticsNotFinite(t *testing.T) {
	data, _ := draw[float32]()
	for _, row := range data.Val.(*memory[float32]).rows {
		for j := range row {
			row[j] *= 1e21
		}
	}
	c := f32(small())
	c.Statistics = "adaptive+precise"
	o := fitOn(t, data, c)
	final := o.results[0].Final
	if final == nil || final.Adaptive != nil || final.Precise == nil {
		t.Fatalf("result %+v", o.results[0])
	}
	if _, err := json.Marshal(o.results[0]); err != nil || !o.results[0].Sound() {
		t.Errorf("the record: %v", err)
	}
}

// TestLargeBatches: batches may be larger than what is evaluated at a time, of the training
// and of the evaluation.
func TestLargeBatches(t *testing.T) {
	c := f32(small())
	c.Statistics, c.EvalBatch, c.Batch, c.Val, c.NS, c.Cycles, c.Evals = "precise+batch", 800, 700, 900, 2, 1, 1
	final := fitOn(t, noisy(1500, 900, 600), c).results[0].Final
	for _, m := range []*Measured{final.Precise, final.Batch} {
		if m == nil || m.TestLoss == final.TestLoss || math.Abs(m.TestLoss-final.TestLoss) > 1 {
			t.Errorf("%+v beside running statistics' test loss of %g", m, final.TestLoss)
		}
	}
}
