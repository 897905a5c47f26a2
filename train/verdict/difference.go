package verdict

import (
	"fmt"
	"math"

	"bnlab/train/contrast"
	"bnlab/train/message"
	"bnlab/train/study"
)

// differences compares the values of an axis: at each point of the others, or each value
// where it does best by validation accuracy.
func differences(e *study.Experiment, c study.Claim, results []result) (parts []part) {
	g := gridOf(e, c, results)
	baseline := e.Vary.Axes[g.of].Baseline()
	for value := range e.Vary.Axes[g.of].Points {
		if value == baseline {
			continue
		}
		if c.At == "best" {
			a, b := g.best(value), g.best(baseline)
			if a < 0 || b < 0 {
				parts = append(parts, part{Undecided, 0, "no point of the other axes has results of all seeds", nil})
				continue
			}
			parts = append(parts, differ(c, g.name(a, value), g.name(b, baseline), g.at(a, value), g.at(b, baseline)))
			continue
		}
		for _, first := range g.points {
			parts = append(parts, differ(c, g.name(first, value), g.name(first, baseline), g.at(first, value), g.at(first, baseline)))
		}
	}
	return parts
}

// differ compares two groups, paired by seed. Without a test the claim stays undecided: of
// one pair, or where a pair is lost, since what is left would be a choice.
func differ(c study.Claim, nameA, nameB string, a, b []result) part {
	d := Contrast{Metric: c.Metric}
	diffs := d.pair(a, b, metrics[c.Metric], metrics[c.Metric])
	p := part{Undecided, d.N, nameA + " − " + nameB, nil}
	if d.Diff != nil {
		p.says += ": " + Difference(c.Metric, *d.Diff)
	}
	if d.CI != nil {
		p.says += fmt.Sprintf(" (%s to %s)", Difference(c.Metric, d.CI[0]), Difference(c.Metric, d.CI[1]))
	}
	p.says += fmt.Sprintf(", n=%d", d.N)
	if d.LostPairs > 0 {
		p.says += fmt.Sprintf(", %d lost: %s", d.LostPairs, message.List(d.Lost))
		return p
	}
	if d.N < 2 {
		return p
	}
	r, nearest := c.Region(), 0.0
	if math.Abs(*d.Diff-r[0]) < math.Abs(*d.Diff-r[1]) {
		nearest = r[0]
	} else {
		nearest = r[1]
	}
	for i := range diffs {
		diffs[i] -= nearest
	}
	test := contrast.Of(diffs)
	p.p, p.verdict = &test.P, verdictOf(c.Holds(*d.Diff))
	return p
}
