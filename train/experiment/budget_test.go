package experiment

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bnlab/train"
)

// halved is a plan of 8 groups of two seeds, 10 epochs long, with rungs at 1, 3 and 6, of
// which one group diverges before the first rung, one after it, and one is of another shape.
func halved(precision train.Precision, size, workers int) *Plan {
	c := small()
	c.NS, c.Cycles, c.Precision = 15, 2, precision
	trials := ofLambdas(c, []float64{0.3, 0.001, 0.1, 0.03, 0.01}, 2)
	wild := c
	wild.BN, wild.Lambda, wild.EtaMax = false, 1, 10
	trials = append(trials, seeded("wild", wild, 2)...)
	wild.EtaMax = 1e150
	trials = append(trials, seeded("wilder", wild, 2)...)
	c.Hidden = []int{7}
	trials = append(trials, seeded("2-layer", c, 2)...)
	plan := planOf(trials, size)
	plan.Fuse(size, workers)
	plan.Budget = &Budget{Rungs: []int{1, 3, 6}, Keep: 0.5, Fuse: size, Workers: workers}
	return plan
}

// decided is what a run has come to: per trial its outcome, or where it is paused.
func decided(outcomes []Outcome) []Outcome {
	all := timeless(outcomes)
	for i := range all {
		all[i].Trial.Unit = 0
		all[i].Rungs = slices.Clone(all[i].Rungs)
		for j := range all[i].Rungs {
			all[i].Rungs[j].TrainSeconds, all[i].Rungs[j].EvalSeconds = 0, 0
		}
		if p := all[i].Paused; p != nil {
			at := *p
			at.TrainSeconds, at.EvalSeconds = 0, 0
			all[i].Paused = &at
		}
	}
	return all
}

// unlimited returns the outcomes of a plan without its budget.
func unlimited(t *testing.T, plan *Plan) []Outcome {
	t.Helper()
	whole := *plan
	whole.Budget = nil
	return runAll(t, runner(t, nil), &whole)
}

// sameTrials fails the test where a trained trial differs from one of a run without a
// budget, and returns which are paused.
func sameTrials(t *testing.T, want, got []Outcome, what string) (paused []string) {
	t.Helper()
	want, got = decided(want), decided(got)
	for i, o := range got {
		switch o.Rungs = nil; {
		case o.Paused != nil && !o.Done():
			paused = append(paused, fmt.Sprintf("%s@%d", want[i].Trial.ID, o.Paused.Epochs))
		case o.Paused != nil:
			t.Errorf("%s: %s is done and paused", what, o.Trial.ID)
		default:
			same(t, want[i], o, "%s: %s", what, want[i].Trial.ID)
		}
	}
	return paused
}

// TestBudget: of 8 groups 4 go on, then 2, then 1; those that train to their ends, and the
// paused ones once they are resumed, have the bits of a run without a budget. So it is in
// memory and in a folder, side by side and alone, with one worker and two.
func TestBudget(t *testing.T) {
	for _, precision := range []train.Precision{train.F32, train.F64} {
		whole := unlimited(t, halved(precision, 3, 2))
		first := runAll(t, runner(t, nil), halved(precision, 3, 2))
		want := decided(first)
		paused := sameTrials(t, whole, first, "in memory")
		if n := len(paused); n != 12 {
			t.Fatalf("paused: %v", paused) // 4 groups, of which one has diverged, 2, and 1
		}
		if s := Summarize(halved(precision, 3, 2), first); len(s.Diverged) != 2 || s.Trials != 4 {
			t.Fatalf("diverged %v of %d trials with a result", s.Diverged, s.Trials)
		}
		ways := []struct{ size, workers int }{{3, 2}, {1, 1}, {8, 2}, {2, 3}}
		if precision == train.F64 {
			ways = ways[2:]
		}
		for _, v := range ways {
			what := fmt.Sprintf("%s, units of %d, %d workers", precision, v.size, v.workers)
			f := create(t, t.TempDir(), halved(precision, v.size, v.workers))
			r := runner(t, f)
			r.Workers = v.workers
			same(t, want, decided(runAll(t, r, f.Plan)), "%s", what)
			onDisk, err := f.Outcomes(func(err error) { t.Error(err) })
			must(t, err)
			same(t, want, decided(withCurves(t, r, onDisk)), "%s: on disk", what)
			if again, trained := runAgain(t, r, f.Plan); trained != nil || !cmp.Equal(want, decided(again)) {
				t.Errorf("%s: again: trained %v", what, trained)
			}
			r.ResumePaused = true
			resumed, trained := runAgain(t, r, f.Plan)
			if left := sameTrials(t, whole, resumed, what+", resumed"); left != nil || len(trained) != len(paused) {
				t.Errorf("%s: resumed %v, still paused %v", what, trained, left)
			}
			for _, pattern := range []string{"checkpoint*", "paused*", "*.bad"} {
				if left := files(t, f, pattern); left != nil {
					t.Errorf("%s: left %v", what, left)
				}
			}
		}
		r := runner(t, nil)
		r.ResumePaused = true
		if left := sameTrials(t, whole, runAll(t, r, halved(precision, 3, 2)), "in memory, resumed"); left != nil {
			t.Errorf("in memory: still paused %v", left)
		}
	}
}

// TestBudgetSaves: trials train for no more than their rungs, and resumed ones only for
// what is left.
func TestBudgetSaves(t *testing.T) {
	read := 0
	f := create(t, t.TempDir(), halved(train.F64, 1, 1))
	r := runner(t, f)
	r.Workers, r.Data = 1, sets{onTrain: func() { read++ }}.data()
	steps := func(run func()) int {
		before := read
		run()
		return read - before
	}
	whole := steps(func() {
		r := r
		r.Folder = nil
		p := *f.Plan
		p.Budget = nil
		runAll(t, r, &p)
	})
	budget := steps(func() { runAll(t, r, f.Plan) })
	rest := steps(func() { r.ResumePaused = true; runAll(t, r, f.Plan) })
	if budget > whole/2 || budget+rest != whole {
		t.Errorf("%d readings of images without a budget, %d with it, %d for the rest", whole, budget, rest)
	}
}

// TestBudgetInterrupted: a run that is interrupted again and again, anywhere, takes the
// decisions of one that is not, and comes to the same bits.
func TestBudgetInterrupted(t *testing.T) {
	for _, precision := range []train.Precision{train.F32, train.F64} {
		whole := unlimited(t, halved(precision, 4, 1))
		want := decided(runAll(t, runner(t, nil), halved(precision, 4, 1)))
		for _, pieces := range map[train.Precision][]int{train.F32: {13, 61}, train.F64: {29}}[precision] {
			f := create(t, t.TempDir(), halved(precision, 4, 1))
			for times := 0; ; times++ {
				outcomes, done, _ := interruptedRun(t, f, pieces)
				if done {
					same(t, want, decided(outcomes), "%s, interrupted after %d readings each", precision, pieces)
					break
				}
				if times > 200 {
					t.Fatalf("interrupted after %d readings each, it comes to no end", pieces)
				}
			}
			for times := 0; ; times++ {
				ctx, stop := context.WithCancel(t.Context())
				r := runner(t, f)
				r.Workers, r.ResumePaused, r.Data = 1, true, sets{onTrain: atCall(pieces, stop)}.data()
				outcomes, err := r.Run(ctx, f.Plan)
				stop()
				if err == nil {
					sameTrials(t, whole, withCurves(t, r, outcomes), "resumed in pieces")
					break
				}
				if !errors.Is(err, context.Canceled) || times > 200 {
					t.Fatal(err)
				}
			}
		}
	}
}

// TestBudgetShards: shards go on as far as decisions allow and say what they wait for; run
// again in turn they come to the same.
func TestBudgetShards(t *testing.T) {
	want := decided(runAll(t, runner(t, nil), halved(train.F32, 2, 2)))
	f := create(t, t.TempDir(), halved(train.F32, 2, 2))
	units := len(f.Plan.Units())
	for times := 0; ; times++ {
		waits := 0
		for shard := range 3 {
			r := runner(t, f)
			r.Only = func(unit []Trial) bool { return unit[0].Unit%3 == shard }
			r.Waits = func(epochs, trials int) {
				if waits++; !slices.Contains([]int{1, 3, 6}, epochs) || trials < 1 || trials > 16 {
					t.Errorf("waits at %d epochs for %d trials", epochs, trials)
				}
			}
			runAll(t, r, f.Plan)
		}
		if times == 0 && waits == 0 {
			t.Error("nobody waits")
		}
		if waits == 0 {
			break
		}
		if times > 4 {
			t.Fatalf("no end with %d units", units)
		}
	}
	onDisk, err := f.Outcomes(func(err error) { t.Error(err) })
	must(t, err)
	same(t, want, decided(withCurves(t, runner(t, f), onDisk)), "shards, on disk")
}

// TestBudgetAtOnce: runs that share a folder each go on once all have come to a rung, train
// no trial twice, and come to the same.
func TestBudgetAtOnce(t *testing.T) {
	want := decided(runAll(t, runner(t, nil), halved(train.F32, 2, 2)))
	f := create(t, t.TempDir(), halved(train.F32, 2, 2))
	var steps atomic.Int64
	var runs sync.WaitGroup
	got := make([][]Outcome, 3)
	for i := range got {
		runs.Go(func() {
			r := runner(t, f)
			r.Workers, r.Data = 1, sets{onTrain: func() { steps.Add(1) }}.data()
			r.Waits = func(epochs, trials int) { t.Errorf("waits in vain at %d epochs for %d trials", epochs, trials) }
			outcomes, err := r.Run(t.Context(), f.Plan)
			if err != nil {
				t.Error(err)
			}
			got[i] = outcomes
		})
	}
	runs.Wait()
	for i, outcomes := range got {
		same(t, want, decided(withCurves(t, runner(t, f), outcomes)), "run %d", i+1)
	}
	var alone atomic.Int64
	r := runner(t, nil)
	r.Data = sets{onTrain: func() { alone.Add(1) }}.data()
	runAll(t, r, halved(train.F32, 2, 2))
	if steps.Load() != alone.Load() {
		t.Errorf("%d readings of images together, %d alone", steps.Load(), alone.Load())
	}
}

// TestBudgetDamaged: a rung's record, a paused state or a result that is damaged or gone
// is trained again, to the same decisions and bits.
func TestBudgetDamaged(t *testing.T) {
	plan := halved(train.F32, 3, 2)
	whole := unlimited(t, plan)
	want := decided(runAll(t, runner(t, nil), plan))
	spoil := func(path string) {
		text := []byte(read(t, path))
		text[len(text)/2] ^= 1
		must(t, os.WriteFile(path, text, 0o666))
	}
	for _, pattern := range []string{"rung.1.json", "rung.3.json", "rung.6.json", "paused.*", "result.json"} {
		for name, hurt := range map[string]func(string){"gone": func(path string) { must(t, os.Remove(path)) }, "damaged": spoil} {
			f := create(t, t.TempDir(), plan)
			runAll(t, runner(t, f), f.Plan)
			for i, path := range files(t, f, pattern) {
				if i%2 == 0 {
					hurt(path)
				}
			}
			r := runner(t, f)
			r.Warn = func(err error) {
				if !strings.Contains(err.Error(), "checksum mismatch") && !strings.Contains(err.Error(), "not a record") && !strings.Contains(err.Error(), "record of") {
					t.Errorf("%s %s: warned: %v", pattern, name, err)
				}
			}
			same(t, want, decided(runAll(t, r, f.Plan)), "%s %s", pattern, name)
			r.ResumePaused = true
			if left := sameTrials(t, whole, runAll(t, r, f.Plan), pattern+" "+name); left != nil {
				t.Errorf("%s %s: still paused %v", pattern, name, left)
			}
		}
	}
}

// TestBudgetFailure: a trial that fails on the way to a rung leaves it undecided; the next
// run trains it again and goes on.
func TestBudgetFailure(t *testing.T) {
	want := decided(runAll(t, runner(t, nil), halved(train.F32, 2, 1)))
	f := create(t, t.TempDir(), halved(train.F32, 2, 1))
	r := runner(t, f)
	r.Workers, r.Data = 1, sets{onTrain: atCall(20, func() { panic("bad disk") })}.data()
	outcomes := runAll(t, r, f.Plan)
	s := Summarize(f.Plan, outcomes)
	if len(s.Failed) != 2 || len(s.Paused) != 0 || s.Err() == nil {
		t.Errorf("failed %v, paused %v, error %v", s.Failed, s.Paused, s.Err())
	}
	same(t, want, decided(runAll(t, runner(t, f), f.Plan)), "run again")
}

// TestHalve: the better half goes on, rounded up; seeds of a group stay together, what has
// diverged counts as the worst, and of equals the first in the plan goes on.
func TestHalve(t *testing.T) {
	for _, c := range []struct {
		name   string
		keep   float64
		scores [][]float64 // of the seeds of each group; below 0 for one that has diverged
		on     []int
	}{
		{"half", 0.5, [][]float64{{.1}, {.3}, {.2}, {.4}}, []int{1, 3}},
		{"rounded up", 0.5, [][]float64{{.1}, {.3}, {.2}}, []int{1, 2}},
		{"equal", 0.5, [][]float64{{.2}, {.2}, {.2}, {.2}}, []int{0, 1}},
		{"the mean", 0.5, [][]float64{{.1, .9}, {.4, .4}}, []int{0}},
		{"diverged", 0.5, [][]float64{{.9, -1}, {.4, .51}}, []int{1}},
		{"all diverged", 0.5, [][]float64{{-1}, {-1}, {-1}}, []int{0, 1}},
		{"a share", 0.07, slices.Repeat([][]float64{{.1}}, 100), []int{0, 1, 2, 3, 4, 5, 6}},
		{"hardly any", 0.001, [][]float64{{.1}, {.3}, {.2}}, []int{1}},
		{"all", 1, [][]float64{{.1}, {.3}}, []int{0, 1}},
	} {
		var groups [][]int
		var outcomes []Outcome
		for _, seeds := range c.scores {
			var trials []int
			for _, v := range seeds {
				trials = append(trials, len(outcomes))
				outcomes = append(outcomes, Outcome{Rungs: []Rung{{Epochs: 2, ValAcc: v, Diverged: v < 0}}})
			}
			groups = append(groups, trials)
		}
		var want []int
		for _, g := range c.on {
			want = append(want, groups[g]...)
		}
		on, paused := (&Budget{Keep: c.keep}).halve(groups, 2, outcomes)
		if !slices.Equal(on, want) || len(on)+len(paused) != len(outcomes) {
			t.Errorf("%s: %v go on, want %v", c.name, on, want)
		}
	}
}

// TestPausedGroups: what is paused is no part of any mean, and counted apart.
func TestPausedGroups(t *testing.T) {
	plan := planOf(ofLambdas(small(), []float64{0.1, 0.01, 0.001}, 2), 2)
	outcomes := make([]Outcome, 6)
	for i := range 2 {
		outcomes[i] = finished(plan.Trials[i], 0.5, 0.4)
		outcomes[2+i].Paused = &Rung{Epochs: 4, ValAcc: 0.9, TrainSeconds: 2, EvalSeconds: 1}
		outcomes[4+i].Paused = &Rung{Epochs: 1, ValAcc: 0.7 + 0.1*float64(i)}
	}
	s := Summarize(plan, outcomes)
	if len(s.Missing) != 0 || len(s.Paused) != 4 || s.Trials != 2 || s.Err() != nil || s.TrainSeconds != 10 || s.EvalSeconds != 4 {
		t.Errorf("summary %+v", s)
	}
	last := s.Groups[2]
	if p := last.Paused; last.N != 0 || len(last.ValAcc.Values) != 0 || p == nil || p.N != 2 || p.Epochs != 1 || p.ValAcc.Mean != 0.75 {
		t.Errorf("group %+v, paused %+v", last, last.Paused)
	}
}

// TestBudgetPlan: a plan with a budget reads back; another budget is another plan; what no
// study has is refused.
func TestBudgetPlan(t *testing.T) {
	plan := halved(train.F32, 3, 2)
	readsBack(t, plan, ParsePlan)
	dir := t.TempDir()
	create(t, dir, plan)
	for says, change := range map[string]func(*Plan){
		"a budget, not none":                   func(p *Plan) { p.Budget = nil },
		"budget with rungs [1 3 6], not [1 4]": func(p *Plan) { p.Budget.Rungs = []int{1, 4} },
		"budget that keeps 0.5, not 0.25":      func(p *Plan) { p.Budget.Keep = 0.25 },
	} {
		other := halved(train.F32, 3, 2)
		change(other)
		if _, err := Create(dir, other); !errors.Is(err, ErrPlan) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: error %v", says, err)
		}
	}
	for _, change := range []func(*Budget){
		func(b *Budget) { b.Rungs = nil }, func(b *Budget) { b.Rungs = []int{0} }, func(b *Budget) { b.Rungs = []int{3, 3} },
		func(b *Budget) { b.Keep = 0 }, func(b *Budget) { b.Keep = 1.1 }, func(b *Budget) { b.Fuse = 0 }, func(b *Budget) { b.Workers = 0 },
	} {
		other := halved(train.F32, 3, 2)
		change(other.Budget)
		if err := other.Check(); !errors.Is(err, ErrPlan) || !strings.Contains(err.Error(), "budget: ") {
			t.Errorf("%+v: error %v", other.Budget, err)
		}
	}
}
