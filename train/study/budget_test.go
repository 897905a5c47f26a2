package study

import (
	"errors"
	"strings"
	"testing"

	"bnlab/train"
	"bnlab/train/experiment"
)

// TestBudgetRefuses: what is wrong with a budget is one line with file and line.
func TestBudgetRefuses(t *testing.T) {
	for text, says := range map[string]string{
		"{stop: successive-halving, rungs: [2, 4]}":       "",
		"{stop: successive-halving, rungs: [2], keep: 1}": "",
		"{stop: successiv-halving, rungs: [2, 4]}":        `line 2: stop "successiv-halving": give successive-halving (did you mean "successive-halving"?)`,
		"{rungs: [2, 4]}":                                       `line 2: stop "": give successive-halving`,
		"{stop: successive-halving}":                            "line 2: no rungs; give epochs, as rungs: [1, 4]",
		"{stop: successive-halving, rungs: []}":                 "line 2: no rungs",
		"{stop: successive-halving, rungs: [0, 4]}":             "line 2: rung 0 after the start",
		"{stop: successive-halving, rungs: [-1]}":               "line 2: rung -1 after the start",
		"\n  stop: successive-halving\n  rungs: [2, 8, 8]":      "line 4: rung 8 after 8; give epochs from 1 on, each above the one before",
		"\n  stop: successive-halving\n  rungs: [2, 1.5]":       `line 4: "1.5": give a whole number`,
		"\n  stop: successive-halving\n  rungs: [2]\n  keep: 0": "line 5: keep 0: give a share above 0, up to 1",
		"\n  stop: successive-halving\n  rungs: [2]\n  keep: 2": "line 5: keep 2: give a share",
		"\n  stop: successive-halving\n  rungs: [2]\n  kept: 1": `line 5: "kept": no such key here (did you mean "keep"?)`,
		"7": "line 2: ",
	} {
		_, err := Parse("my.yaml", []byte("experiments: [{name: x}]\nbudget: "+text))
		if says == "" {
			if err != nil {
				t.Errorf("%q: %v", text, err)
			}
		} else if err == nil || !strings.Contains(err.Error(), "my.yaml, "+says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q:\n got %v\nwant %s", text, err, says)
		}
	}
}

// TestBetweenPaused: the fine stage lies between the best value and the one that paused
// first, or with the lowest accuracy of those; a paused one is never the best.
func TestBetweenPaused(t *testing.T) {
	s := parsed(t, "experiments: [{name: x, search: {over: lambda, coarse: [0.1, 0.2, 0.3, 0.4], fine: {draw: 3}}}]")
	search := s.Experiments[0].Search
	group := func(lambda float64, epochs int, acc float64) experiment.Group {
		g := experiment.Group{Config: train.Config{Lambda: lambda}}
		if spread := experiment.SpreadOf([]float64{acc}); epochs == 0 {
			g.N, g.ValAcc = 1, spread
		} else {
			g.Paused = &experiment.Paused{N: 1, Epochs: epochs, ValAcc: spread}
		}
		return g
	}
	groups := []experiment.Group{group(0.1, 4, 0.9), group(0.2, 2, 0.3), group(0.3, 0, 0.5), group(0.4, 2, 0.2)}
	if low, high, err := search.between(groups); err != nil || low != 0.3 || high != 0.4 {
		t.Errorf("from %g to %g, error %v", low, high, err)
	}
	if best, err := search.Best(groups); err != nil || best.Value != 0.3 {
		t.Errorf("best %+v, error %v", best, err)
	}
	if _, _, err := search.between(groups[:2]); !errors.Is(err, ErrNoBest) {
		t.Errorf("none is trained to its end: error %v", err)
	}
}
