package study

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bnlab/train/document"
	"bnlab/train/experiment"
	"bnlab/train/vary"
)

// lambdaSearch is a study of one search with that fine stage.
func lambdaSearch(over, coarse, fine string) string {
	return fmt.Sprintf("seeds: [3, 4]\nexperiments:\n- name: best\n  search: {over: %s, coarse: %s, fine: %s, final: {seeds: 5}}", over, coarse, fine)
}

// point is a group of a search: a value and mean validation accuracy, below 0 for one
// that gave no result.
type point struct{ value, valAcc float64 }

// groupsOf returns the groups of an experiment's coarse stage with these accuracies.
func groupsOf(t interface{ Fatal(...any) }, e *Experiment, points []point) (groups []experiment.Group) {
	trials := e.Trials()
	for i, p := range points {
		g := experiment.Group{Stage: Coarse, Config: trials[i*len(e.Seeds)].Config, N: 1}
		if v := e.Search.valueIn(g); v != p.value {
			t.Fatal("group of another value", v, p.value)
		}
		g.ValAcc = experiment.Spread{Mean: p.valAcc, Values: []float64{p.valAcc}}
		g.ValLoss, g.TrainLoss = experiment.Spread{Mean: 1 - p.valAcc}, experiment.Spread{Mean: p.valAcc}
		// The best on the test set is the worst one on the validation set: it must not matter.
		g.TestAcc = experiment.Spread{Mean: 1 - p.valAcc, Values: []float64{1 - p.valAcc}}
		if p.valAcc < 0 {
			g.N, g.ValAcc = 0, experiment.Spread{}
		}
		groups = append(groups, g)
	}
	return groups
}

// TestBetween: the value that is best, and the ranges of the fine stage around it.
func TestBetween(t *testing.T) {
	type span struct{ low, high float64 }
	for _, v := range []struct {
		name                  string
		points                []point
		best                  float64 // 0 for none
		bestWorst, neighbours span    // zero for none
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
	} {
		var coarse []string
		for _, p := range v.points {
			coarse = append(coarse, fmt.Sprint(p.value))
		}
		for between, want := range map[string]span{"best-worst": v.bestWorst, "neighbours": v.neighbours} {
			s := parsed(t, lambdaSearch("lambda", "["+strings.Join(coarse, ", ")+"]", "{draw: 3, between: "+between+"}"))
			e := &s.Experiments[0]
			groups := groupsOf(t, e, v.points)
			best, err := e.Search.Best(groups)
			if best.Value != v.best || (v.best == 0) != errors.Is(err, ErrNoBest) || best.TestAcc != nil {
				t.Errorf("%s: best %+v, error %v; want %g", v.name, best, err, v.best)
			}
			low, high, err := e.Search.between(groups)
			if (span{low, high}) != want || (want == span{}) != errors.Is(err, ErrNoBest) {
				t.Errorf("%s: %s from %g to %g, error %v; want %v", v.name, between, low, high, err, want)
			}
		}
	}
}

// TestChoose: losses are the better the lower, and the test set does not count.
func TestChoose(t *testing.T) {
	for choose, want := range map[string]Best{
		"val-acc":    {"lambda", 1e-2, "val-acc", 0.6, nil},
		"val-loss":   {"lambda", 1e-2, "val-loss", 0.4, nil},
		"train-loss": {"lambda", 1e-3, "train-loss", 0.2, nil},
	} {
		s := parsed(t, "experiments:\n- search: {over: lambda, coarse: [1e-3, 1e-2], choose: "+choose+"}")
		e := &s.Experiments[0]
		if best, err := e.Search.Best(groupsOf(t, e, []point{{1e-3, 0.2}, {1e-2, 0.6}})); err != nil || best != want {
			t.Errorf("%s: %+v, error %v", choose, best, err)
		}
	}
}

// TestStages: which trials follow from which results, that the final ones alone read the
// test set, and that every field that is a number can be searched over.
func TestStages(t *testing.T) {
	for _, c := range []struct{ over, coarse string }{
		{"lambda", "[1e-4, 1e-3, 1e-2]"}, {"eta-max", "{from: 0.01, to: 1, points: 3, scale: log}"}, {"batch", "[10, 20, 100]"},
		{"ns", "{from: 100, to: 300, points: 3}"}, {"sigma", "[0.1, 0.2, 0.3]"}, {"bn-alpha", "[0.5, 0.6, 0.9]"},
	} {
		s := parsed(t, lambdaSearch(c.over, c.coarse, "{draw: 7}"))
		e := &s.Experiments[0]
		if got := strings.Join(e.Stages(), " "); got != "coarse fine final" {
			t.Fatal(got)
		}
		var points []point
		for i, v := range e.Search.grid.Numbers() {
			points = append(points, point{v, 0.5 + 0.1*float64(i)}) // the last is the best, the first the worst
		}
		groups := groupsOf(t, e, points)
		fine, err := e.StageTrials(Refine, groups)
		if err != nil || len(fine) != 7*2 {
			t.Fatalf("%s: %d trials, error %v", c.over, len(fine), err)
		}
		names := map[string]bool{}
		for _, trial := range fine {
			v := e.Search.valueIn(experiment.Group{Config: trial.Config})
			if v < points[0].value || v > points[2].value || !trial.Config.NoTest || trial.Group != fmt.Sprintf("%s=%s", c.over, vary.ValueOf(trial.Config, c.over)) {
				t.Errorf("%s: %+v", c.over, trial)
			}
			names[trial.ID] = true
		}
		if len(names) != 14 {
			t.Errorf("%s: %d trials differ", c.over, len(names))
		}
		final, err := e.StageTrials(Finals, groups)
		if err != nil || len(final) != 5 || final[4].Config.Seed != 5 || final[0].Config.NoTest ||
			e.Search.valueIn(experiment.Group{Config: final[0].Config}) != points[2].value {
			t.Errorf("%s: final %+v, error %v", c.over, final, err)
		}
		// The final groups, which are not for choosing, change nothing.
		last := groups[0]
		last.Stage, last.ValAcc.Mean = Finals, 0.99
		if best, err := e.Search.Best(append(groups, last)); err != nil || best.Value != points[2].value {
			t.Errorf("%s: best %+v, error %v", c.over, best, err)
		}
	}
}

// fineOf returns n values drawn between two, in a scale.
func fineOf(t *rapid.T, over string, low, high float64, n int, scale string, seed uint64) []float64 {
	text := fmt.Sprintf("experiments:\n- search: {over: %s, coarse: [%v, %v], fine: {draw: %d, scale: %s, seed: %d}}", over, document.Of(low).Text, document.Of(high).Text, n, scale, seed)
	s, err := Parse("x.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	e := &s.Experiments[0]
	values, err := e.fineValues(groupsOf(t, e, []point{{low, 0.1}, {high, 0.2}}))
	if err != nil {
		t.Fatal(err)
	}
	if len(trialsAt(t, e, values)) != len(values) {
		t.Fatal("trials missing")
	}
	return values
}

func trialsAt(t *rapid.T, e *Experiment, values []float64) []experiment.Trial {
	trials, err := e.trialsAt(Refine, e.Search.values(values), e.Seeds)
	if err != nil {
		t.Fatal(err)
	}
	return trials
}

// TestFine: within the range, the same for the same seed, others for another, no two
// alike however many, fewer the beginning of more.
func TestFine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		low := vary.FourDigits(rapid.Float64Range(1e-8, 1).Draw(t, "low"))
		high := vary.FourDigits(low * rapid.Float64Range(1.5, 1e4).Draw(t, "factor"))
		scale, over := rapid.SampledFrom([]string{"linear", "log"}).Draw(t, "scale"), "lambda"
		n, seed := rapid.IntRange(1, 60).Draw(t, "n"), rapid.Uint64().Draw(t, "seed")
		if rapid.Bool().Draw(t, "whole numbers") {
			over, low, high = "ns", math.Ceil(90*low), min(1e5, math.Ceil(90*high)+1)
		}
		got := fineOf(t, over, low, high, n, scale, seed)
		want := n
		if over == "ns" {
			want = int(min(float64(n), high-low+1))
		}
		if len(got) != want {
			t.Fatalf("%d values, want %d", len(got), want)
		}
		if !slices.Equal(got, fineOf(t, over, low, high, n, scale, seed)) {
			t.Fatal("another draw for the same seed")
		}
		if fewer := fineOf(t, over, low, high, (n+1)/2, scale, seed); !slices.Equal(got[:len(fewer)], fewer) {
			t.Fatal("a longer draw begins otherwise")
		}
		if over == "lambda" && n > 1 && slices.Equal(got, fineOf(t, over, low, high, n, scale, seed+1)) {
			t.Fatal("the same draw for another seed")
		}
		if slices.Min(got) < low || slices.Max(got) > high {
			t.Fatalf("%v outside %g to %g", got, low, high)
		}
	})
}

// TestFineUniform: each tenth of the scale gets about a tenth of the values, by Pearson's
// χ² with 9 degrees of freedom at one in a million.
func TestFineUniform(t *testing.T) {
	for scale, share := range map[string]func(v float64) float64{
		"log":    func(v float64) float64 { return (math.Log10(v) + 4) / 2 },
		"linear": func(v float64) float64 { return (v - 1e-4) / (1e-2 - 1e-4) },
	} {
		const n = 10000
		s := parsed(t, "experiments:\n- search: {over: lambda, coarse: [1e-4, 1e-2], fine: {draw: 10000, scale: "+scale+", seed: 3}}")
		e := &s.Experiments[0]
		values, err := e.fineValues(groupsOf(t, e, []point{{1e-4, 0.1}, {1e-2, 0.2}}))
		if err != nil {
			t.Fatal(err)
		}
		var count [10]float64
		for _, v := range values {
			count[min(9, max(0, int(10*share(v))))]++
		}
		chi := 0.0
		for _, c := range count {
			chi += (c - n/10) * (c - n/10) / (n / 10)
		}
		if chi > 46 {
			t.Errorf("%s: χ² = %.1f of the counts %v", scale, chi, count)
		}
	}
}

// TestSearchRefuses: what is wrong with a search is told with its line.
func TestSearchRefuses(t *testing.T) {
	for _, c := range []struct{ text, says string }{
		{"{}", "line 3: search: give over: and the field"},
		{"{over: lamda, coarse: [1, 2]}", `line 3: over: "lamda" is no field of a training (did you mean "lambda"?)`},
		{"{over: bn, coarse: [true, false]}", "line 3: over bn: it is not a number"},
		{"{over: hidden, coarse: [[1], [2]]}", "line 3: over hidden: it is not a number"},
		{"{over: seed, coarse: [1, 2]}", "line 3: seed cannot vary: write seeds:"},
		{"{over: val, coarse: [1, 2]}", "line 3: val cannot vary"},
		{"{over: lambda}", "line 3: search: give coarse: and a list of values of lambda, or {from"},
		{"{over: lambda, fine: {draw: 3}}", "line 3: search: give coarse:"},
		{"{over: lambda, coarse: 3}", "line 3: search: give coarse:"},
		{"{over: lambda, coarse: []}", "line 3: lambda: no values"},
		{"{over: lambda, coarse: [.nan, 1]}", `line 3: ".nan": give a number`},
		{"{over: lambda, coarse: [1, 1.0]}", "line 3: 1 is there twice"},
		{"{over: lambda, coarse: [1, -1]}", "line 3: lambda -1: give a finite number of 0 or above"},
		{"{over: lambda, coarse: {from: 2, to: 1, points: 3}}", "line 3: from 2 to 1: give a smaller number first"},
		{"{over: lambda, coarse: [1, 2], fine: {}}", "line 3: fine: give draw, how many values, from 1 to"},
		{"{over: lambda, coarse: [1, 2], fine: {draw: 200000}}", "line 3: fine: give draw"},
		{"{over: lambda, coarse: [1], fine: {draw: 2}}", "line 3: coarse: one value; give two or more"},
		{"{over: lambda, coarse: [1, 2], fine: {draw: 2, between: best}}", `line 3: fine: between "best": give best-worst or neighbours`},
		{"{over: lambda, coarse: [1, 2], fine: {draw: 2, scale: cubic}}", `line 3: fine: scale "cubic": give linear or log`},
		{"{over: lambda, coarse: [0, 1], fine: {draw: 2}}", "line 3: coarse value 0: on a log scale nothing is drawn from 0 or below"},
		{"{over: lambda, coarse: [1, 2], choose: test-acc}", "line 3: choose test-acc: the test set is for the final networks"},
		{"{over: lambda, coarse: [1, 2], choose: val-ac}", `line 3: choose "val-ac": give val-acc, val-loss or train-loss (did you mean "val-acc"?)`},
		{"{over: lambda, coarse: [1, 2], final: {}}", "line 3: final: give seeds"},
		{"{over: lambda, coarse: [1, 2], final: {seeds: 0}}", `line 3: seeds "0"`},
		{"{over: lambda, coarse: [1, 2], finer: {draw: 3}}", `line 3: "finer": no such key here (did you mean "fine"?)`},
		{"{over: lambda, coarse: [1, 2]}\n  vary: {bn: [true, false]}", "line 3: search: it does not go with vary"},
		{"{over: lambda, coarse: [1, 2]}\n  contrast: lambda", "line 4: contrast lambda: values that a search looks for are not compared"},
	} {
		_, err := Parse("my.yaml", []byte("experiments:\n- name: x\n  search: "+c.text))
		if err == nil || !strings.HasPrefix(err.Error(), "my.yaml, "+c.says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q:\n got %v\nwant %s", c.text, err, c.says)
		}
	}
}
