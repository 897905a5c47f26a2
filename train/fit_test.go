package train

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bnlab/blas"
	"bnlab/model"
)

// TestFitByHand compares a training with the same one written out: update t on
// mini-batch t with η of t, then the metrics of those last parameters, on each set as a
// whole. Labels are noisy and η high, so the best evaluation is not the last, which the
// test makes sure of.
func TestFitByHand(t *testing.T) {
	c := small()
	for _, c.BN = range []bool{true, false} {
		o := fitAll[float64](t, c)
		if o.results[0].Diverged {
			t.Fatalf("BN %v: diverged: %+v", c.BN, o.results[0])
		}
		data, _ := draw[float64]()
		net := byHand(t, c, data)
		for i, p := range o.tensors(0) {
			if !cmp.Equal(p.Data, net.Tensors(0)[i].Data, roughly) {
				t.Errorf("BN %v: %s %s differs", c.BN, p.Name, p.Kind)
			}
		}
		want := finalOf(net, c, data)
		if diff := cmp.Diff(want, *o.results[0].Final, roughly); diff != "" {
			t.Errorf("BN %v: final metrics, want − got +\n%s", c.BN, diff)
		}
		best := 0.0
		for _, p := range o.points[0] {
			best = max(best, p.ValAcc)
		}
		if best <= want.ValAcc {
			t.Errorf("BN %v: the last evaluation is the best: choose other data", c.BN)
		}
	}
}

// byHand trains the net of c alone.
func byHand(t *testing.T, c Config, data Data[float64]) *model.Network[float64] {
	t.Helper()
	spec := model.Spec{In: dim, Hidden: c.Hidden, Out: classes, Nets: 1, Eps: c.BNEps, Alpha: c.BNAlpha, MaxRows: 100}
	if c.BN {
		spec.BatchNorm = 1
	}
	net, err := model.New[float64](spec)
	if err != nil {
		t.Fatal(err)
	}
	if err := net.Init(0, c.Init, c.Sigma, c.Seed); err != nil {
		t.Fatal(err)
	}
	order := newOrder(c.OrderSeed, data.Train.Len(), c.Batch)
	for step := range c.Steps() {
		x, labels := gather(data.Train, order.at(step))
		net.Step(x, labels, []float64{c.Eta(step)}, []float64{c.Lambda})
	}
	return net
}

// finalOf evaluates net on each set at once.
func finalOf(net *model.Network[float64], c Config, data Data[float64]) Final {
	f := Final{TestMetrics: &TestMetrics{}}
	penalty := c.Lambda * net.SquaredWeights(0)
	score := func(set Source[float64]) (loss, cost, acc float64) {
		x, labels := whole(set)
		s := net.Score(x, labels, model.Eval)[0]
		return s.MeanLoss(), s.MeanLoss() + penalty, s.Accuracy()
	}
	f.TrainLoss, f.TrainCost, f.TrainAcc = score(data.Train)
	f.ValLoss, f.ValCost, f.ValAcc = score(data.Val)
	f.TestLoss, f.TestCost, f.TestAcc = score(data.Test)
	return f
}

var roughly = cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) <= 1e-12*max(1, math.Abs(a)) })

// TestPoints: evaluations come after the first step and then Evals times per cycle,
// evenly, the last one after the last step; each records the η just used.
func TestPoints(t *testing.T) {
	for _, v := range []struct {
		ns, cycles, evals int
		want              []int
	}{
		{12, 2, 4, []int{1, 6, 12, 18, 24, 30, 36, 42, 48}},
		{12, 1, 1, []int{1, 24}},
		{5, 2, 3, []int{1, 4, 7, 10, 14, 17, 20}},
		{2, 1, 4, []int{1, 2, 3, 4}},
		{1, 1, 1, []int{1, 2}},
	} {
		c := small()
		c.NS, c.Cycles, c.Evals, c.EvalTrain = v.ns, v.cycles, v.evals, 0
		o := fitAll[float64](t, c)
		var steps []int
		for _, p := range o.points[0] {
			steps = append(steps, p.Step)
			if p.Eta != c.Eta(p.Step-1) || p.Epoch != float64(p.Step)/6 {
				t.Errorf("step %d: η %v, epoch %v, want %v, %v", p.Step, p.Eta, p.Epoch, c.Eta(p.Step-1), float64(p.Step)/6)
			}
		}
		if !slices.Equal(steps, v.want) {
			t.Errorf("n_s %d, %d cycles, %d evaluations each: at %v, want %v", v.ns, v.cycles, v.evals, steps, v.want)
		}
		last := o.points[0][len(o.points[0])-1].Metrics // of all training images, as EvalTrain is 0
		if diff := cmp.Diff(last, o.results[0].Final.Metrics); diff != "" {
			t.Errorf("the last point differs from the final metrics:\n%s", diff)
		}
	}
}

// TestReads keeps account of every image read. An update reads one batch. Within
// the loop an evaluation reads the first EvalTrain training images, which is less
// than all, and the validation set. The whole training set and the test set are
// read once, after the last update.
func TestReads(t *testing.T) {
	a, b := small(), small()
	b.BN, b.Lambda = false, 0.1
	log := fitAll[float32](t, f32(a), f32(b)).log
	steps, evals := a.Steps(), 1+a.Cycles*a.Evals
	for set, want := range map[string]int{
		"train": steps*a.Batch + evals*a.EvalTrain + trainSize,
		"val":   evals*valSize + valSize,
		"test":  testSize,
	} {
		if got := log.images(set); got != want {
			t.Errorf("%d images of %s read, want %d", got, set, want)
		}
	}
	order := newOrder(a.OrderSeed, trainSize, a.Batch)
	updates := 0
	for _, call := range log.all {
		switch inOrder := slices.Equal(call.index, sorted(len(call.index))); {
		case call.set == "test" && updates < steps:
			t.Fatalf("test set read after %d of %d updates", updates, steps)
		case call.set == "train" && inOrder && len(call.index) > a.EvalTrain && updates < steps:
			t.Fatalf("%d training images evaluated after %d of %d updates", len(call.index), updates, steps)
		case call.set == "train" && !inOrder:
			if want := order.at(updates); !slices.Equal(call.index, want) {
				t.Fatalf("update %d reads %v, want %v", updates, call.index, want)
			}
			updates++
		}
	}
	if updates != steps {
		t.Errorf("%d updates, want %d", updates, steps)
	}
}

// TestNoTest: with NoTest the test set is not read, and there are no numbers for it.
func TestNoTest(t *testing.T) {
	c := small()
	want := fitAll[float64](t, c)
	c.NoTest = true
	got := fitAll[float64](t, c)
	if n := got.log.images("test"); n != 0 {
		t.Errorf("%d test images read", n)
	}
	if got.results[0].Final.TestMetrics != nil {
		t.Errorf("test metrics %+v", got.results[0].Final.TestMetrics)
	}
	if diff := cmp.Diff(want.results[0].Final.Metrics, got.results[0].Final.Metrics); diff != "" {
		t.Errorf("the other metrics change:\n%s", diff)
	}
	if text, err := json.Marshal(got.results[0]); err != nil || strings.Contains(string(text), "test") {
		t.Errorf("record %s, %v", text, err)
	}
}

func f32(c Config) Config {
	c.Precision = F32
	return c
}

// TestEvaluate: in parts of any size the scores are those of the whole, of no more
// images than requested, added to the existing ones.
func TestEvaluate(t *testing.T) {
	o := fitAll[float64](t, small())
	data, _ := draw[float64]()
	net := o.nets.Network
	for _, limit := range []int{0, 1, 7, 20, 60, 1000} {
		n := trainSize
		if limit > 0 {
			n = min(n, limit)
		}
		x, labels := gather(data.Train, sorted(n))
		want := net.Score(x, labels, model.Eval)[0]
		for _, rows := range []int{1, 7, 60, 61} {
			scores := []model.Score{{Images: 5, Loss: 2, Cost: 3, Correct: 1}}
			Evaluate(t.Context(), net, data.Train, limit, blas.New[float64](rows, dim), make([]uint8, rows), scores)
			got := model.Score{Images: scores[0].Images - 5, Loss: scores[0].Loss - 2, Cost: scores[0].Cost - 3, Correct: scores[0].Correct - 1}
			if diff := cmp.Diff(want, got, roughly); diff != "" {
				t.Errorf("limit %d, %d at a time: want − got +\n%s", limit, rows, diff)
			}
		}
	}
}
