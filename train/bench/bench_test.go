package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"bnlab/blas"
	"bnlab/model"
	"bnlab/train"
)

// grey is a set of images without noise: what is timed does not depend on it.
type grey[T blas.Float] int

func (g grey[T]) Len() int { return int(g) }

func (g grey[T]) Gather(x blas.Matrix[T], labels []uint8, index []int32) {
	for i, k := range index {
		labels[i] = uint8(k % 3)
		for j := range x.Row(i) {
			x.Set(i, j, T((int(k)+j)%5)-2)
		}
	}
}

func small[T blas.Float]() (train.Config, train.Data[T]) {
	c := train.Default()
	c.Hidden, c.BN, c.Batch, c.NS, c.Cycles, c.Evals, c.EvalTrain = []int{7, 5}, true, 10, 3, 1, 2, 20
	if blas.Bits[T]() == 64 {
		c.Precision = train.F64
	}
	return c, train.Data[T]{Dim: 12, Classes: 3, Train: grey[T](40), Val: grey[T](8), Test: grey[T](9)}
}

// TestBench checks the numbers of a report against each other.
func TestBench(t *testing.T) {
	if blas.Current().Name == "gonum" {
		t.Skip("large products take long in plain Go")
	}
	blas.SetThreads(1)
	c, data := small[float32]()
	result, err := Measure(t.Context(), Plan{Config: c, Nets: 2, Workers: 2, Cores: 3, Rounds: 1}, data)
	if err != nil {
		t.Fatal(err)
	}
	r := result.Median
	near := func(name string, got, want float64) {
		t.Helper()
		if !(got > 0 && got > 0.999*want && got < 1.001*want) {
			t.Errorf("%s is %g, want %g", name, got, want)
		}
	}
	near("gain", r.Gain, 2*r.Step.Us/r.Fused.Us)
	near("images", r.Images, 1e6*10/r.Step.Us)
	near("parts of a step", r.Step.GatherUs+r.Step.ForwardUs+r.Step.BackwardUs, r.Step.Us)
	near("fraction of peak", r.Fused.Fraction*r.Peak*1e3*r.Fused.Us, r.Fused.Flops)
	near("operations of two nets", r.Fused.Flops, 2*r.Step.Flops)
	near("linear", r.Sweep.Linear*2*r.Scaling[0].Images, r.Sweep.Images)
	near("one worker", r.Scaling[0].Linear, 1)
	near("one thread", r.Threads[0].Faster, 1)
	near("threads", r.Threads[1].Faster*r.Threads[1].Us, r.Threads[0].Us)
	gemm := map[int]float64{}
	for _, p := range r.Shapes {
		gemm[p.Nets] += float64(p.Calls) * p.Us
	}
	near("products of one net", r.Step.GemmUs, gemm[1])
	near("products of two", r.Fused.GemmUs, gemm[2])
	if len(r.Threads) != 3 || r.Threads[2].Threads != 3 || len(r.Scaling) != 2 || r.Sweep.Workers != 2 || r.Sweep.Trials != 4 {
		t.Errorf("threads %+v, workers %+v", r.Threads, r.Scaling)
	}
	if s := r.Sweep; !(s.Evaluation > 0 && s.Evaluation < 1 && s.Fraction > 0 && s.TrainOnly > 0) {
		t.Errorf("evaluation takes %g of the time; %g of the peak, %g in training", s.Evaluation, s.Fraction, s.TrainOnly)
	}
	if n := blas.Current().Threads; n > 1 {
		t.Errorf("%d threads are left", n)
	}
	if _, err := json.Marshal(r); err != nil { // a NaN, an infinity
		t.Error(err)
	}
}

// The products of a step have the layers, passes and sizes that the network has,
// and their operations are those that a step calls for.
func TestBenchShapes(t *testing.T) {
	c, data := small[float64]()
	for _, nets := range []int{1, 4} {
		s, err := newStepper(c, data, nets)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		sum := 0.0
		for _, p := range s.shapes {
			if p.Layer == 1 && p.M == 7 { // one product a net, as on some kernels
				p.M, p.Calls = p.M*p.Calls, 1
			}
			got = append(got, fmt.Sprintf("%d %s %s %d×%d, %d; %d", p.Layer, p.Pass, p.Name, p.M, p.N, p.K, p.Calls))
			sum += float64(p.Calls) * p.flops()
		}
		want := []string{
			fmt.Sprintf("1 forward W·Xᵀ %d×10, 12; 1", 7*nets),
			fmt.Sprintf("2 forward W·A 5×10, 7; %d", nets),
			fmt.Sprintf("3 forward W·A 3×10, 5; %d", nets),
			fmt.Sprintf("3 ∂X Wᵀ·D 5×10, 3; %d", nets),
			fmt.Sprintf("3 ∂W D·Aᵀ 3×5, 10; %d", nets),
			fmt.Sprintf("2 ∂X Wᵀ·D 7×10, 5; %d", nets),
			fmt.Sprintf("2 ∂W D·Aᵀ 5×7, 10; %d", nets),
			fmt.Sprintf("1 ∂W D·X %d×12, 10; 1", 7*nets),
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%d nets: want − got +\n%s", nets, diff)
		}
		if want := flops(s.step); sum != want {
			t.Errorf("%d nets: %g operations, want %g", nets, sum, want)
		}
	}
}

// The products of a step are those that it computes, whatever is frozen.
func TestBenchFrozen(t *testing.T) {
	c, data := small[float64]()
	for _, frozen := range []model.Frozen{"1.W", "2.W+3.W", "W", "1.W+1.b", "1.W+1.b+2.W+2.b", "3.b"} {
		for _, bn := range []bool{false, true} {
			c.Frozen, c.BN = frozen, bn
			s, err := newStepper(c, data, 3)
			if err != nil {
				t.Fatal(err)
			}
			sum := 0.0
			for _, p := range s.shapes {
				sum += float64(p.Calls) * p.flops()
			}
			if want := flops(s.step); sum != want {
				t.Errorf("%s frozen, batch normalisation %v: %g operations, want %g", frozen, bn, sum, want)
			}
		}
	}
}

// What is timed is a training's step, of nets with rates and decays of their own, as in a
// search.
func TestBenchTrains(t *testing.T) {
	c, data := small[float64]()
	c.Lambda = 0.5
	s, err := newStepper(c, data, 2)
	if err != nil {
		t.Fatal(err)
	}
	other, _ := model.New[float64](s.net.Spec)
	before := slices.Clone(s.net.Params())
	copy(other.Params(), before)
	for i := range s.labels { // grey's images, from all over the set
		if k := int(s.index[i]); int(s.labels[i]) != k%3 || s.x.At(i, 1) != float64((k+1)%5-2) {
			t.Errorf("row %d is not image %d", i, k)
		}
	}
	s.step()
	other.Step(s.x, s.labels, []float64{1e-3, 5e-4}, []float64{0.5, 0.25})
	if got := s.net.Params(); slices.Equal(got, before) || !slices.Equal(got, other.Params()) {
		t.Error("a step of other rates or decays")
	}
	for k, got := range newSweeps(c, data, s).configs {
		want := c
		want.Seed, want.Lambda = uint64(k+1), []float64{0.5, 0.25}[k]
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("training %d: want − got +\n%s", k, diff)
		}
	}
}

// evaluated counts the images that a training asks for beyond those it learns from.
func TestBenchEvaluated(t *testing.T) {
	c, data := small[float32]()
	asked := 0
	data.Train, data.Val, data.Test = counted{data.Train, &asked}, counted{data.Val, &asked}, counted{data.Test, &asked}
	if _, _, err := train.Fit(t.Context(), []train.Config{c}, data, train.Discard); err != nil {
		t.Fatal(err)
	}
	if want := asked - c.Steps()*c.Batch; evaluated(c, data) != want {
		t.Errorf("%d images, want %d", evaluated(c, data), want)
	}
}

type counted struct {
	train.Source[float32]
	images *int
}

func (s counted) Gather(x blas.Matrix[float32], labels []uint8, index []int32) {
	*s.images += len(index)
	s.Source.Gather(x, labels, index)
}

func TestBenchFold(t *testing.T) {
	type part struct {
		Name string
		Us   float64
		In   []part
	}
	round := func(a, b float64) part { return part{"whole", a, []part{{"x", b, []part{}}, {"y", -b, []part{}}}} }
	rounds := []part{round(3, 10), round(1, 30), round(2, 20), round(9, 0)}
	for name, v := range map[string]struct {
		f    func([]float64) float64
		want part
	}{
		"median": {median, part{"whole", 2.5, []part{{"x", 15, []part{}}, {"y", -15, []part{}}}}},
		"low":    {slices.Min[[]float64], part{"whole", 1, []part{{"x", 0, []part{}}, {"y", -30, []part{}}}}},
		"high":   {slices.Max[[]float64], part{"whole", 9, []part{{"x", 30, []part{}}, {"y", 0, []part{}}}}},
	} {
		if diff := cmp.Diff(v.want, aggregate(rounds, v.f)); diff != "" {
			t.Errorf("%s: want − got +\n%s", name, diff)
		}
	}
}

func TestBenchDoublings(t *testing.T) {
	for most, want := range map[int][]int{1: {1}, 2: {1, 2}, 3: {1, 2, 3}, 8: {1, 2, 4, 8}, 12: {1, 2, 4, 8, 12}} {
		if got := doublings(most); !slices.Equal(got, want) {
			t.Errorf("%d: %v", most, got)
		}
	}
}

func TestBenchStops(t *testing.T) {
	ended, end := context.WithCancel(t.Context())
	end()
	c, data := small[float32]()
	if _, err := Measure(ended, Plan{Config: c, Nets: 1, Workers: 1, Cores: 1, Rounds: 1}, data); err != context.Canceled {
		t.Errorf("got %v", err)
	}
}

// TestPeak: the operations of a square product over its time, summed over the cores.
func TestPeak(t *testing.T) {
	took := 20 * time.Millisecond
	p := peak{&timed{run: func() { time.Sleep(took) }}, &timed{run: func() { time.Sleep(took) }}}
	for cores := 1; cores <= 2; cores++ {
		most := float64(cores) * 2 * math.Pow(peakSize, 3) / took.Seconds() / 1e9
		if got := p.gflops(cores); !(got > most/1e4 && got <= most) { // a sleep is never shorter, and may be longer
			t.Errorf("%d cores: %g GFLOP/s, want %g", cores, got, most)
		}
	}
}

func TestSeconds(t *testing.T) {
	training, evaluation := seconds([][]train.Result{{{TrainSeconds: 1, EvalSeconds: 0.25}, {TrainSeconds: 2}}, {{TrainSeconds: 4, EvalSeconds: 0.5}}})
	if training != 7 || evaluation != 0.75 {
		t.Errorf("%g s of training, %g s of evaluation", training, evaluation)
	}
}
