package experiment

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bnlab/blas/blastest"
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
		if precision == train.F32 && blastest.Mixes() {
			continue
		}
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
		if precision == train.F32 && blastest.Mixes() {
			continue
		}
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
