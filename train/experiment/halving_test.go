package experiment

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"bnlab/train"
)

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
				rung := Rung{Epochs: 2, ValAcc: v}
				if v < 0 {
					rung.ValAcc, rung.Diverged = 0.99, true
				}
				outcomes = append(outcomes, Outcome{Rungs: []Rung{rung}})
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
