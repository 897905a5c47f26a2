package experiment

import (
	"bytes"
	"errors"
	"path/filepath"
	"testing"
)

// point is a group of a search: λ and mean validation accuracy, below 0 for one
// that gave no result.
type point struct{ lambda, valAcc float64 }

func searched(points []point) []Group {
	var groups []Group
	for i, p := range points {
		c := small()
		c.Lambda = p.lambda
		g := Group{Name: "lambda=" + number(p.lambda), Config: c, N: 1, ValAcc: Spread{Mean: p.valAcc, Values: []float64{p.valAcc}}}
		// The best on the test set is the worst one on the validation set: it must
		// not matter.
		g.TestAcc = Spread{Mean: 1 - p.valAcc, Values: []float64{1 - p.valAcc}}
		if p.valAcc < 0 {
			g = Group{Name: g.Name, Config: c, Diverged: i % 2, Failed: 1 - i%2}
		}
		groups = append(groups, g)
	}
	return groups
}

// TestLambda: the λ chosen, and the ranges of the fine search around it.
func TestLambda(t *testing.T) {
	type span struct{ low, high float64 }
	for _, v := range []struct {
		name               string
		points             []point
		best               float64 // 0 for none
		report, neighbours span    // zero for none
	}{
		{"best inside", []point{{1e-4, 0.4}, {1e-3, 0.6}, {1e-2, 0.5}, {1e-1, 0.1}}, 1e-3, span{1e-3, 1e-1}, span{1e-4, 1e-2}},
		{"best above worst", []point{{1e-4, 0.1}, {1e-3, 0.3}, {1e-2, 0.5}, {1e-1, 0.4}}, 1e-2, span{1e-4, 1e-2}, span{1e-3, 1e-1}},
		{"best first", []point{{1e-4, 0.7}, {1e-3, 0.6}, {1e-2, 0.5}}, 1e-4, span{1e-4, 1e-2}, span{1e-4, 1e-3}},
		{"best last", []point{{1e-4, 0.1}, {1e-3, 0.6}, {1e-2, 0.7}}, 1e-2, span{1e-4, 1e-2}, span{1e-3, 1e-2}},
		{"any order", []point{{1e-2, 0.5}, {1e-4, 0.4}, {1e-1, 0.1}, {1e-3, 0.6}}, 1e-3, span{1e-3, 1e-1}, span{1e-4, 1e-2}},
		{"tie of the best", []point{{1e-4, 0.2}, {1e-3, 0.6}, {1e-2, 0.6}, {1e-1, 0.4}}, 1e-3, span{1e-4, 1e-3}, span{1e-4, 1e-2}},
		{"tie of the worst", []point{{1e-4, 0.1}, {1e-3, 0.6}, {1e-2, 0.1}}, 1e-3, span{1e-3, 1e-2}, span{1e-4, 1e-2}},
		{"all alike", []point{{1e-4, 0.1}, {1e-3, 0.1}, {1e-2, 0.1}}, 1e-4, span{1e-4, 1e-2}, span{1e-4, 1e-3}},
		{"some without result", []point{{1e-5, -1}, {1e-4, 0.4}, {1e-3, 0.6}, {1e-2, 0.5}, {1e-1, -1}}, 1e-3, span{1e-4, 1e-3}, span{1e-4, 1e-2}},
		{"one with a result", []point{{1e-4, -1}, {1e-3, 0.6}, {1e-2, -1}}, 1e-3, span{}, span{}},
		{"none with a result", []point{{1e-4, -1}, {1e-3, -1}}, 0, span{}, span{}},
		{"none", nil, 0, span{}, span{}},
	} {
		groups := searched(v.points)
		best, err := BestLambda(groups)
		if best.Lambda != v.best || (v.best == 0) != errors.Is(err, ErrNoLambda) || best.TestAcc != nil {
			t.Errorf("%s: best %+v, error %v; want %g", v.name, best, err, v.best)
		}
		accuracy := 0.0
		for _, p := range v.points {
			accuracy = max(accuracy, p.valAcc)
		}
		if best.ValAcc != accuracy {
			t.Errorf("%s: validation accuracy %g, want %g", v.name, best.ValAcc, accuracy)
		}
		for name, r := range map[string]struct {
			rule func([]Group) (float64, float64, error)
			want span
		}{"report": {ReportRange, v.report}, "neighbours": {NeighbourRange, v.neighbours}} {
			low, high, err := r.rule(groups)
			if (span{low, high}) != r.want || (r.want == span{}) != errors.Is(err, ErrNoLambda) {
				t.Errorf("%s: %s range %g to %g, error %v; want %v", v.name, name, low, high, err, r.want)
			}
		}
	}
}

// TestSearchLeavesTestSet: λ is chosen on the validation set alone. Trials that
// search do not read a test image, and their records have no test metrics.
func TestSearchLeavesTestSet(t *testing.T) {
	c := small()
	c.NoTest = true
	f := create(t, t.TempDir(), planOf(Search(c, []float64{0.001, 0.01}, 2), 4))
	r := runner(t, f)
	r.Data = sets{onTest: func() { t.Error("a test image is read") }}.data()
	s := Summarize(f.Plan, runAll(t, r, f.Plan))
	for _, g := range s.Groups {
		if g.TestAcc.Values != nil || len(g.ValAcc.Values) != 2 {
			t.Errorf("%s: %+v", g.Name, g)
		}
	}
	for _, trial := range f.Plan.Trials {
		if text := read(t, filepath.Join(f.TrialDir(trial), resultFile)); bytes.Contains(text, []byte("test_acc")) {
			t.Errorf("%s has test metrics", trial.ID)
		}
	}
	if best, err := BestLambda(s.Groups); err != nil || best.TestAcc != nil {
		t.Errorf("best %+v, error %v", best, err)
	}
}
