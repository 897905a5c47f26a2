package study

import (
	"strings"
	"testing"
)

// TestRefusesClaims: what is wrong with claims and figures is told with its line.
func TestRefusesClaims(t *testing.T) {
	const head = "experiments:\n- name: x\n  vary: {bn: [true, false], eta-max: [0.1, 1], init: [he, xavier], cycles: [1]}\n  published: [{where: {bn: true}, test-acc: 0.5}]\n  "
	for _, c := range []struct{ text, says string }{
		{"claims: [{kind: diference}]", `claim kind "diference": give published-value, difference, best-over-axis, largest-stable (did you mean "difference"?)`},
		{"claims: [{knd: difference}]", `"knd": no such key here (did you mean "kind"?)`},
		{"claims: [{kind: difference, of: bn}]", "claim difference: claims nothing; give above, below, at-least, within"},
		{"claims: [{kind: difference, above: 0}]", "claim difference: give of: and an axis"},
		{"claims: [{kind: difference, of: nb, above: 0}]", "claim difference: of nb: it does not vary"},
		{"claims: [{kind: difference, of: cycles, above: 0}]", "claim difference: of cycles: the axis has one value"},
		{"claims: [{kind: difference, of: bn, axis: eta-max, above: 0}]", "claim difference: difference has no axis; it takes metric, of, at, "},
		{"claims: [{kind: difference, of: bn, above: 0, metric: val-ac}]", `claim difference: metric "val-ac": give test-acc, val-acc, train-loss or val-loss (did you mean "val-acc"?)`},
		{"claims: [{kind: difference, of: bn, above: 0, at: 0.1}]", `claim difference: at "0.1": give best, or where: {…}`},
		{"claims: [{kind: difference, of: bn, above: 1, below: 0}]", "claim difference: nothing lies between its bounds"},
		{"claims: [{kind: difference, of: bn, within: -1}]", "claim difference: within -1: give 0 or more"},
		{"claims: [{kind: difference, of: bn, above: 0, where: {bn: true}}]", "where: bn is the axis that is compared; leave it out"},
		{"claims: [{kind: difference, of: bn, above: 0, where: {eta-max: 3}}]", "where: no group has these values"},
		{"claims: [{kind: difference, of: bn, above: 0, where: {etamax: 3}}]", `"etamax" is no field of a training (did you mean "eta-max"?)`},
		{"claims: [{kind: largest-stable, of: bn, at-least: 3}]", "claim largest-stable: give axis: and an axis"},
		{"claims: [{kind: largest-stable, axis: init, at-least: 3}]", "axis init: its values are no numbers"},
		{"claims: [{kind: best-over-axis, axis: eta-max, of: eta-max, at-least: 3}]", "of and axis are the same"},
		{"claims: [{kind: published-value, metric: val-acc}]", "no published figure of val-acc there; write it under published:"},
		{"claims: [{kind: published-value, where: {bn: false}}]", "no published figure of test-acc there"},
		{"claims: [{kind: published-value, above: 0.5}]", "published-value has no above; it takes metric, within"},
		{"claims: [{kind: published-value, metric: val-loss}]", "published figures are of test-acc or val-acc"},
		{"figures: [{x: eta-max}]", "figure: give x, an axis, and y, a metric; or curves"},
		{"figures: [{x: eta-max, y: acc}]", `figure: y: metric "acc": give test-acc`},
		{"figures: [{x: etamax, y: val-acc}]", `figure: x etamax: it does not vary (did you mean "eta-max"?)`},
		{"figures: [{x: eta-max, y: val-acc, line: eta-max}]", "figure: line eta-max: the axis is there already"},
		{"figures: [{x: eta-max, y: val-acc, curves: [eta]}]", "figure: give either x and y, or curves"},
		{"figures: [{curves: [train-los]}]", `figure: curves: "train-los": give some of eta, train-loss, train-cost, train-acc, val-loss, val-cost, val-acc (did you mean "train-loss"?)`},
	} {
		_, err := Parse("my.yaml", []byte(head+c.text))
		if err == nil || !strings.HasPrefix(err.Error(), "my.yaml, line 5: ") || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s:\n got %v\nwant %s", c.text, err, c.says)
		}
	}
	parsed(t, head+"figures: [{x: eta_max, y: val_acc, line: bn, panel: init}, {curves: [train_loss, eta], panel: bn}]\n  claims: [{kind: largest_stable, axis: eta_max, of: bn, at_least: 3}]")
}
