package train

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bnlab/blas"
	"bnlab/model"
)

// TestFitByHand holds a training against the same one written out: update t on
// mini-batch t with η of t, then the metrics of those last parameters, on each
// set as a whole. Labels are noisy and η high, so the best evaluation is not the
// last, which the test makes sure of.
func TestFitByHand(t *testing.T) {
	c := small()
	for _, c.BN = range []bool{true, false} {
		o := fitAll[float64](t, c)
		data, _ := draw[float64]()
		net := byHand(t, c, data)
		for i, p := range o.tensors(0) {
			if !slices.Equal(p.Data, net.Tensors(0)[i].Data) {
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
func finalOf(net *model.Network[float64], c Config, data Data[float64]) (f Final) {
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

// TestPoints: evaluations come after the first step and then Evals times a cycle,
// evenly, the last one after the last step; each tells the η just used.
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

func f32(c Config) Config {
	c.Precision = F32
	return c
}

// TestFitSideBySide: trainings of different λ, η, seed and initialisation, with
// and without batch normalisation in any order, give side by side what each gives
// alone, in the caller's order.
func TestFitSideBySide(t *testing.T) {
	var configs []Config
	for i, bn := range []bool{false, true, false, true, true} {
		c := small()
		c.NS, c.BN, c.Seed = 50, bn, uint64(i+1) // 200 steps
		c.Lambda, c.EtaMax = 0.003*float64(i), 0.1+0.05*float64(i)
		if i == 4 {
			c.Init, c.Sigma = model.Normal, 0.2
		}
		configs = append(configs, c)
	}
	together := fitAll[float64](t, configs...)
	for i, c := range configs {
		alone := fitAll[float64](t, c)
		for j, p := range alone.tensors(0) {
			q := together.tensors(i)[j]
			if p.Name != q.Name || !slices.EqualFunc(p.Data, q.Data, func(a, b float64) bool { return math.Abs(a-b) <= 1e-9 }) {
				t.Errorf("trial %d: %s alone differs from %s side by side", i, p.Name, q.Name)
			}
		}
		near := cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) <= 1e-9 })
		if diff := cmp.Diff(alone.results[0], together.results[i], near); diff != "" {
			t.Errorf("trial %d: alone − side by side +\n%s", i, diff)
		}
		if diff := cmp.Diff(alone.points[0], together.points[i], near); diff != "" {
			t.Errorf("trial %d: points alone − side by side +\n%s", i, diff)
		}
	}
}

// TestFitDeterministic: the same configuration gives the same bits, and each seed
// has its effect.
func TestFitDeterministic(t *testing.T) {
	base := f32(small())
	base.Seed, base.OrderSeed = 3, 5
	want := trace(fitAll[float32](t, base))
	if got := trace(fitAll[float32](t, base)); got != want {
		t.Error("the same training again gives another result")
	}
	for _, seeds := range [][2]uint64{{4, 5}, {3, 6}, {3, 0}, {5, 3}} {
		c := base
		c.Seed, c.OrderSeed = seeds[0], seeds[1]
		if trace(fitAll[float32](t, c)) == want {
			t.Errorf("seeds %v give the result of 3, 5", seeds)
		}
	}
	same, follows := base, base
	same.OrderSeed, follows.OrderSeed = same.Seed, 0
	if trace(fitAll[float32](t, same)) != trace(fitAll[float32](t, follows)) {
		t.Error("order seed 0 does not stand for the seed")
	}
}

// trace writes out all that a training leaves, to the last bit.
func trace[T blas.Float](o outcome[T]) string {
	var s strings.Builder
	for i, r := range o.results {
		fmt.Fprintf(&s, "%d %v %+v %+v\n", r.Steps, r.Diverged, *r.Final, o.points[i])
		for _, p := range o.tensors(i) {
			fmt.Fprintln(&s, p.Data)
		}
	}
	return s.String()
}

// TestDiverged: a training that overflows is flagged, has no final metrics and no
// further points, and those beside it do not notice.
func TestDiverged(t *testing.T) {
	group := func(etaMax float64) outcome[float64] {
		var configs []Config
		for i, bn := range []bool{true, false, false} {
			c := small()
			c.BN, c.Lambda, c.Seed = bn, 0.01*float64(i), uint64(i+1)
			if i == 1 {
				c.EtaMax = etaMax
			}
			configs = append(configs, c)
		}
		return fitAll[float64](t, configs...)
	}
	tame, wild := group(0.1), group(1e150)
	r := wild.results[1]
	if !r.Diverged || r.Final != nil || r.Steps < 1 || r.Steps >= small().Steps() {
		t.Errorf("overflowing trial: %+v", r)
	}
	for _, p := range wild.points[1] {
		if p.Step > r.Steps || !p.finite() {
			t.Errorf("diverged at step %d, yet a point %+v", r.Steps, p)
		}
	}
	for _, i := range []int{0, 2} {
		if wild.results[i].Diverged || wild.results[i].Steps != small().Steps() {
			t.Errorf("trial %d beside it: %+v", i, wild.results[i])
		}
		if diff := cmp.Diff(tame.results[i], wild.results[i]) + cmp.Diff(tame.points[i], wild.points[i]); diff != "" {
			t.Errorf("trial %d changes beside an overflowing one:\n%s", i, diff)
		}
		for j, p := range tame.tensors(i) {
			if !slices.Equal(p.Data, wild.tensors(i)[j].Data) {
				t.Errorf("trial %d: %s changes beside an overflowing one", i, p.Name)
			}
		}
	}
}

// TestAllDiverged: nothing is left to train, so the loop ends.
func TestAllDiverged(t *testing.T) {
	c := small()
	c.BN, c.EtaMax = false, 1e150
	o := fitAll[float64](t, c, c)
	for i, r := range o.results {
		if !r.Diverged || r.Final != nil || r.Steps >= c.Steps() {
			t.Errorf("trial %d: %+v", i, r)
		}
	}
	if read := o.log.images("train"); read >= c.Steps()*c.Batch {
		t.Errorf("%d training images read after all had diverged", read)
	}
}

// TestCancel: Fit stops soon after its context ends, with the context's error.
func TestCancel(t *testing.T) {
	c := small()
	c.NS = 100000
	for _, when := range []string{"before", "in a point", "in progress"} {
		ctx, cancel := context.WithCancel(context.Background())
		rec, at := &notes{}, 0
		switch when {
		case "before":
			cancel()
		case "in a point":
			rec.on = func(*notes) { cancel() }
		case "in progress":
			rec.onStep = func(steps int) {
				if steps >= 300 && at == 0 {
					at = steps
					cancel()
				}
			}
		}
		data, log := draw[float64]()
		results, _, err := Fit(ctx, []Config{c}, data, rec)
		cancel()
		if !errors.Is(err, context.Canceled) || results != nil {
			t.Errorf("cancelled %s: %v, error %v", when, results, err)
		}
		if updates := log.images("train") / c.Batch; updates > at+100 {
			t.Errorf("cancelled %s, after %d updates: %d done", when, at, updates)
		}
		if n := log.images("test"); n != 0 {
			t.Errorf("cancelled %s: %d test images read", when, n)
		}
	}
}

// TestFitRefuses what cannot be trained, before it reads an image.
func TestFitRefuses(t *testing.T) {
	bad, other, large, long := small(), small(), small(), small()
	bad.Lambda = math.NaN()
	other.Hidden = []int{8, 7}
	large.Batch = trainSize + 1
	long.NS++
	for _, v := range []struct {
		name    string
		configs []Config
		config  bool // the user's, so it wraps ErrConfig
		says    string
	}{
		{"no configuration", nil, false, "no configuration"},
		{"NaN", []Config{small(), bad}, true, "--lambda"},
		{"other shape", []Config{small(), other}, false, "share"},
		{"other length", []Config{small(), long}, false, "share"},
		{"batch above the set", []Config{large}, true, "--batch 61: only 60 training images"},
	} {
		data, log := draw[float32]()
		_, _, err := Fit(context.Background(), v.configs, data, Discard)
		if err == nil || errors.Is(err, ErrConfig) != v.config || !strings.Contains(err.Error(), v.says) {
			t.Errorf("%s: error %v", v.name, err)
		}
		if len(log.all) != 0 {
			t.Errorf("%s: images read", v.name)
		}
	}
}

// TestEvaluate: in parts of any size the scores are those of the whole, of no more
// images than asked for, added to what is there.
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
			scores := []model.Score{{Images: 5, Loss: 2, Correct: 1}}
			Evaluate(net, data.Train, limit, blas.New[float64](rows, dim), make([]uint8, rows), scores)
			got := model.Score{Images: scores[0].Images - 5, Loss: scores[0].Loss - 2, Correct: scores[0].Correct - 1}
			if diff := cmp.Diff(want, got, roughly); diff != "" {
				t.Errorf("limit %d, %d at a time: want − got +\n%s", limit, rows, diff)
			}
		}
	}
}

// TestProgress: told from 0 to the last update, never backwards.
func TestProgress(t *testing.T) {
	c := small()
	c.NS = 60
	data, _ := draw[float64]()
	rec := &notes{}
	if _, _, err := Fit(context.Background(), []Config{c}, data, rec); err != nil {
		t.Fatal(err)
	}
	if s := rec.steps; !slices.IsSorted(s) || len(s) < 3 || s[0] != 0 || s[len(s)-1] != c.Steps() {
		t.Errorf("progress %v of %d steps", rec.steps, c.Steps())
	}
}
