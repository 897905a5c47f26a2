package train

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"bnlab/blas"
)

// shelf is a Checkpointer of all states, the oldest first.
type shelf struct {
	states  []State
	refused []error
}

func (s *shelf) Keep(state State) { s.states = append(s.states, state) }

func (s *shelf) Restore(use func(State) error) {
	for _, state := range slices.Backward(s.states) {
		err := use(state)
		if err == nil {
			return
		}
		s.refused = append(s.refused, err)
	}
}

// alike compares states but for the times, which differ each time.
var alike = cmp.Options{
	cmpopts.IgnoreFields(Result{}, "TrainSeconds", "EvalSeconds"), cmp.Comparer(bytes.Equal), cmpopts.EquateEmpty(),
}

// groups are trainings of 52 steps, 6 an epoch, whose last epoch is cut and
// whose evaluations fall on ends of epochs and between them.
func groups() map[string][]Config {
	base := small()
	base.NS, base.Evals = 13, 7
	plain, wild, other := base, base, base
	plain.BN = false
	wild.BN, wild.Lambda, wild.EtaMax, wild.Seed = false, 1, 10, 3
	other.Lambda, other.Seed = 0.2, 4
	return map[string][]Config{
		"BN": {base}, "no BN": {plain}, "side by side": {plain, other, wild, base},
	}
}

// keptFit trains with a Checkpointer.
func keptFit[T blas.Float](t *testing.T, configs []Config, keep Checkpointer) outcome[T] {
	t.Helper()
	data, log := draw[T]()
	rec := &notes{}
	from := 0
	if s, ok := keep.(*shelf); ok && len(s.states) > 0 {
		from, data.Prefetch = s.states[len(s.states)-1].Steps, true
	}
	results, nets, err := Resume(t.Context(), configs, data, rec, keep)
	if err != nil {
		t.Fatal(err)
	}
	if s, ok := keep.(*shelf); ok && s.refused == nil && rec.steps[0] != from {
		t.Errorf("progress begins at %d, want %d", rec.steps[0], from)
	}
	return outcome[T]{results, nets, rec.points, log}
}

// tracesOf writes out all that a training leaves, diverged trials too, to the
// last bit.
func tracesOf[T blas.Float](o outcome[T]) string {
	var s strings.Builder
	for i, r := range o.results {
		r.TrainSeconds, r.EvalSeconds = 0, 0
		if r.Final != nil {
			fmt.Fprintln(&s, inJSON(r.Final))
			r.Final = nil
		}
		fmt.Fprintf(&s, "%+v\n%s\n", r, inJSON(o.points[i]))
		for _, p := range o.tensors(i) {
			fmt.Fprintln(&s, p.Name, p.Data)
		}
	}
	return s.String()
}

// inJSON writes out numbers to the last bit, those behind pointers too.
func inJSON(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// TestResume: from the end of every epoch, in both precisions, with and without
// batch normalisation, alone and side by side, also beside a net that diverges
// on the way, a training continues to the bits of one that was not interrupted.
func TestResume(t *testing.T) {
	for name, configs := range groups() {
		t.Run(name+" f64", func(t *testing.T) { oneDiverges(t, resumeEverywhere[float64](t, configs)) })
		t.Run(name+" f32", func(t *testing.T) {
			for i := range configs {
				configs[i].Precision = F32
			}
			oneDiverges(t, resumeEverywhere[float32](t, configs))
		})
	}
}

// oneDiverges makes sure that of several trials side by side one diverges on the way.
func oneDiverges(t *testing.T, results []Result) {
	t.Helper()
	wild := results[len(results)/2]
	if wild.Diverged != (len(results) > 1) {
		t.Fatalf("results %+v", results)
	} else if step := wild.Steps; wild.Diverged && (step < 8 || step > 40) {
		t.Fatalf("diverged at step %d: choose another rate, that it is on the way", step)
	}
}

// resumeEverywhere trains, and trains on from the end of every epoch.
func resumeEverywhere[T blas.Float](t *testing.T, configs []Config) []Result {
	calm := &shelf{}
	whole := keptFit[T](t, configs, calm)
	want := tracesOf(whole)
	if got := tracesOf(keptFit[T](t, configs, Discard)); got != want {
		t.Error("keeping states changes the training")
	}
	if len(calm.states) != 9 {
		t.Fatalf("%d states of 8 epochs and the end", len(calm.states))
	}
	for i := range calm.states {
		keep := &shelf{states: slices.Clone(calm.states[:i+1])}
		o := keptFit[T](t, configs, keep)
		if got := tracesOf(o); got != want || keep.refused != nil {
			t.Errorf("from step %d it ends as another (refused %v):\n%s", calm.states[i].Steps, keep.refused, cmp.Diff(want, got))
		}
		if diff := cmp.Diff(calm.states, keep.states, alike); diff != "" {
			t.Errorf("from step %d other states follow:\n%s", calm.states[i].Steps, diff)
		}
		if read, most := o.log.images("train"), whole.log.images("train")-calm.states[i].Steps*configs[0].Batch; read > most {
			t.Errorf("from step %d: %d training images read, %d are left to read", calm.states[i].Steps, read, most)
		}
	}
	return whole.results
}

// stopping is a Source that ends a context at a certain reading.
type stopping[T blas.Float] struct {
	Source[T]
	left *int
	stop func()
}

func (s stopping[T]) Gather(x blas.Matrix[T], labels []uint8, index []int32) {
	if *s.left--; *s.left == 0 {
		s.stop()
	}
	s.Source.Gather(x, labels, index)
}

// interrupted trains until the n-th reading of images; it reports whether that was
// too late.
func interrupted(t *testing.T, configs []Config, keep Checkpointer, n int) (outcome[float64], bool) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	data, log := draw[float64]()
	for _, set := range []*Source[float64]{&data.Train, &data.Val, &data.Test} {
		*set = stopping[float64]{*set, &n, stop}
	}
	rec := &notes{}
	results, nets, err := Resume(ctx, configs, data, rec, keep)
	if err != nil && !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	return outcome[float64]{results, nets, rec.points, log}, err == nil
}

// TestInterruptedAnywhere: interrupted at any reading of images, be it for an
// update or in the midst of an evaluation, a training has kept the state of the
// last epoch and continues from it to the same bits; so it does when interrupted
// again and again.
func TestInterruptedAnywhere(t *testing.T) {
	configs := groups()["side by side"]
	calm := &shelf{}
	want := tracesOf(keptFit[float64](t, configs, calm))
	updates := 0
	for n := 1; ; n++ {
		keep := &shelf{}
		o, done := interrupted(t, configs, keep, n)
		if done {
			break
		}
		order := newOrder(configs[0].OrderSeed, trainSize, configs[0].Batch)
		for updates = 0; slices.ContainsFunc(o.log.all, func(r reading) bool { return slices.Equal(r.index, order.at(updates)) }); {
			updates++
		}
		if len(keep.states) < updates/6 {
			t.Errorf("reading %d: %d updates and %d states", n, updates, len(keep.states))
		}
		if diff := cmp.Diff(calm.states[:len(keep.states)], keep.states, alike); diff != "" {
			t.Errorf("reading %d: other states:\n%s", n, diff)
		}
		if got := tracesOf(keptFit[float64](t, configs, keep)); got != want || keep.refused != nil {
			t.Errorf("interrupted at reading %d it ends as another (refused %v)", n, keep.refused)
		}
	}
	if updates != 52 {
		t.Errorf("interrupted up to update %d, want 52", updates)
	}
	keep, times := &shelf{}, 0
	for ; times < 100; times++ {
		if o, done := interrupted(t, configs, keep, 12+times%3); done {
			if got := tracesOf(o); got != want {
				t.Error("interrupted many times it ends as another")
			}
			break
		}
	}
	if times < 5 || times == 100 {
		t.Errorf("interrupted %d times", times)
	}
}

// TestStateRefused: what is not a state of the training is refused by name and changes
// nothing: the previous one is used, or the start.
func TestStateRefused(t *testing.T) {
	configs := groups()["BN"]
	calm := &shelf{}
	want := tracesOf(keptFit[float64](t, configs, calm))
	for _, v := range []struct {
		change func(*State)
		says   string
	}{
		{func(s *State) { s.Steps = 0 }, "after step 0, where no epoch ends"},
		{func(s *State) { s.Steps = -6 }, "after step -6, where no epoch ends"},
		{func(s *State) { s.Steps = 13 }, "after step 13, where no epoch ends"},
		{func(s *State) { s.Steps = 54 }, "after step 54, where no epoch ends"},
		{func(s *State) { s.Results = nil }, "0 results and 1 curves of 1 trials"},
		{func(s *State) { s.Curves = append(s.Curves, nil) }, "1 results and 2 curves of 1 trials"},
		{func(s *State) { s.Numbers = s.Numbers[8:] }, "bytes of parameters, want "},
		{func(s *State) { s.Numbers = append(s.Numbers, 0) }, "bytes of parameters, want "},
		{func(s *State) { *s = State{} }, "after step 0, where no epoch ends"},
	} {
		bad := calm.states[3]
		bad.Numbers, bad.Curves = slices.Clone(bad.Numbers), slices.Clone(bad.Curves)
		for i := range bad.Numbers {
			bad.Numbers[i] ^= 0x55 // shall not be used
		}
		v.change(&bad)
		for _, sound := range [][]State{nil, calm.states[:2]} {
			keep := &shelf{states: append(slices.Clone(sound), bad)}
			if got := tracesOf(keptFit[float64](t, configs, keep)); got != want {
				t.Errorf("%s: it ends as another", v.says)
			}
			if len(keep.refused) != 1 || !strings.Contains(keep.refused[0].Error(), v.says) {
				t.Errorf("refused %v, want %s", keep.refused, v.says)
			}
		}
	}
}

// TestSecondsAddUp: the times of the pieces of a training add up.
func TestSecondsAddUp(t *testing.T) {
	keep := &shelf{}
	configs := groups()["side by side"]
	keptFit[float64](t, configs, keep)
	for i := range keep.states[5].Results {
		keep.states[5].Results[i].TrainSeconds, keep.states[5].Results[i].EvalSeconds = 1000, 2000
	}
	for i, r := range keptFit[float64](t, configs, &shelf{states: keep.states[5:6]}).results {
		if !(r.TrainSeconds > 1000 && r.TrainSeconds < 1010 && r.EvalSeconds > 2000 && r.EvalSeconds < 2010) {
			t.Errorf("trial %d: %g and %g s after 1000 and 2000", i, r.TrainSeconds, r.EvalSeconds)
		}
	}
}

// TestDiscardBuildsNoState: a training that nobody keeps builds none of the states
// that a kept one hands over. The two are compared, since Gemm in pure Go allocates
// too, in both alike.
func TestDiscardBuildsNoState(t *testing.T) {
	c := small()
	c.Hidden, c.NS, c.Evals = []int{3000}, 60, 1
	allocated := func(keep Checkpointer) int {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		keptFit[float64](t, []Config{c}, keep)
		runtime.ReadMemStats(&after)
		return int(after.TotalAlloc - before.TotalAlloc)
	}
	kept := &shelf{}
	more := allocated(kept) - allocated(Discard)
	const parameters = 8 * 3000 * (dim + 1 + classes)
	if want := len(kept.states) * parameters; len(kept.states) < 10 || more < want {
		t.Errorf("%d states kept for %d bytes more than none, want %d or more", len(kept.states), more, want)
	}
}
