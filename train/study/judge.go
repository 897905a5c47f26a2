package study

import (
	"fmt"
	"math"
	"strings"

	"bnlab/train/contrast"
	"bnlab/train/experiment"
	"bnlab/train/message"
)

// Judged is what the results say of a claim.
type Judged struct {
	Name    string  `json:"name"`
	Kind    string  `json:"kind"`
	Verdict Verdict `json:"verdict"`
	Because string  `json:"because"` // n, the quantity and its interval, in a line
	N       int     `json:"n"`       // seeds behind it, the fewest of what was looked at
}

// Verdict says whether a claim holds.
type Verdict string

// A claim of several parts, such as one about each value of another axis, holds if all do,
// and does not if one does not.
const (
	Yes       Verdict = "yes"
	No        Verdict = "no"
	Undecided Verdict = "undecided"
)

// part is one of the statements that a claim consists of.
type part struct {
	verdict Verdict
	n       int
	says    string
	p       *float64 // of the quantity's being at the nearest bound; nil where there is no test
}

// significant is the level at which a claim is decided, after Holm's correction over all
// tests of the experiment's claims.
const significant = 0.05

// Judge judges the claims of an experiment by its Trials and their outcomes, in the same
// order.
func (e *Experiment) Judge(trials []experiment.Trial, outcomes []experiment.Outcome) []Judged {
	results := make([]result, len(trials))
	for i := range results {
		results[i] = result{trials[i], outcomes[i]}
	}
	parts := make([][]part, len(e.Claims))
	var ps []float64
	for i, c := range e.Claims {
		parts[i] = e.partsOf(c, results)
		for _, p := range parts[i] {
			if p.p != nil {
				ps = append(ps, *p.p)
			}
		}
	}
	corrected := contrast.Holm(ps)
	judged := []Judged{}
	for i, c := range e.Claims {
		for j := range parts[i] {
			if p := &parts[i][j]; p.p != nil {
				p.says += ", p" + relation(corrected[0])
				if corrected[0] >= significant {
					p.verdict = Undecided
				}
				corrected = corrected[1:]
			}
		}
		judged = append(judged, c.judged(parts[i]))
	}
	return judged
}

func (e *Experiment) partsOf(c Claim, results []result) []part {
	switch c.Kind {
	case publishedValue:
		return e.published(c, results)
	case difference:
		return e.differences(c, results)
	}
	return e.overAxis(c, results)
}

// judged sums up the parts of a claim: those that decide it are named.
func (c Claim) judged(parts []part) Judged {
	j := Judged{Name: c.Name, Kind: c.Kind, Verdict: Undecided, Because: "no results"}
	for i, p := range parts {
		if i == 0 || p.n < j.N {
			j.N = p.n
		}
	}
	for _, v := range []Verdict{No, Undecided, Yes} { // the first of these that a part has
		var says []string
		for _, p := range parts {
			if p.verdict == v {
				says = append(says, p.says)
			}
		}
		if len(says) == 0 {
			continue
		}
		j.Verdict, j.Because = v, strings.Join(says[:min(len(says), mostParts)], "; ")
		if more := len(says) - mostParts; more > 0 {
			j.Because += fmt.Sprintf("; and %d more", more)
		}
		break
	}
	return j
}

// mostParts is how many parts of a claim its reason names.
const mostParts = 3

// published compares our mean with each published figure. That is of one seed: it agrees
// if it lies in the 95 % prediction interval of one more seed here, or within half a
// point, or what the claim says.
func (e *Experiment) published(c Claim, results []result) (parts []part) {
	for _, f := range e.figuresOf(c) {
		var values []float64
		lost := 0
		for _, r := range results {
			if !f.Where.meets(r.trial.Config) || !c.Where.meets(r.trial.Config) {
				continue
			}
			if v, ok := r.number(metrics[c.Metric]); ok {
				values = append(values, v)
			} else {
				lost++
			}
		}
		figure := *f.value(c.Metric)
		p := part{Undecided, len(values), fmt.Sprintf("published %.2f %%", 100*figure), nil}
		if p.n > 0 {
			p.says += ", here " + experiment.SpreadOf(values).Percent()
		}
		p.says += fmt.Sprintf(", n=%d", p.n)
		if lost > 0 {
			p.says += fmt.Sprintf(", %d without a result", lost)
		} else if p.n > 1 {
			tolerance := 0.005
			if c.Within != nil {
				tolerance = *c.Within
			}
			s := experiment.SpreadOf(values)
			tolerance = max(tolerance, contrast.Prediction(s.Std, p.n))
			p.verdict = verdictOf(math.Abs(s.Mean-figure) <= tolerance)
			p.says += fmt.Sprintf(", tolerance %.2f", 100*tolerance)
		}
		parts = append(parts, p)
	}
	return parts
}

// withoutFigures leaves the claims about published figures, which are of CIFAR-10,
// undecided on other data.
func withoutFigures(claims []Judged) {
	for i := range claims {
		if c := &claims[i]; c.Kind == publishedValue {
			c.Verdict, c.Because = Undecided, "the published figures are of CIFAR-10, the results are of other data"
		}
	}
}

func verdictOf(holds bool) Verdict {
	if holds {
		return Yes
	}
	return No
}

// differences compares the values of an axis: at each point of the others, or each value
// where it does best by validation accuracy.
func (e *Experiment) differences(c Claim, results []result) (parts []part) {
	g := e.grid(c, results)
	baseline := baselineOf(e.Vary.Axes[g.of])
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
			parts = append(parts, c.differ(g.name(a, value), g.name(b, baseline), g.at(a, value), g.at(b, baseline)))
			continue
		}
		for _, first := range g.points {
			parts = append(parts, c.differ(g.name(first, value), g.name(first, baseline), g.at(first, value), g.at(first, baseline)))
		}
	}
	return parts
}

// differ compares two groups, paired by seed. Without a test the claim stays undecided: of
// one pair, or where a pair is lost, since what is left would be a choice.
func (c Claim) differ(nameA, nameB string, a, b []result) part {
	d := Contrast{Metric: c.Metric}
	diffs := d.pair(a, b, metrics[c.Metric])
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
	r, nearest := c.region(), 0.0
	if math.Abs(*d.Diff-r[0]) < math.Abs(*d.Diff-r[1]) {
		nearest = r[0]
	} else {
		nearest = r[1]
	}
	for i := range diffs {
		diffs[i] -= nearest
	}
	test := contrast.Of(diffs)
	p.p, p.verdict = &test.P, verdictOf(c.holds(*d.Diff))
	return p
}
