package verdict

import (
	"fmt"
	"math"

	"bnlab/train/contrast"
	"bnlab/train/experiment"
	"bnlab/train/study"
)

// published compares our mean with each published figure. That is of one seed: it agrees
// if it lies in the 95 % prediction interval of one more seed here, or within half a
// point, or what the claim says.
func published(e *study.Experiment, c study.Claim, results []result) (parts []part) {
	for _, f := range e.FiguresOf(c) {
		var values []float64
		lost := 0
		for _, r := range results {
			if !f.Where.Meets(r.trial.Config) || !c.Where.Meets(r.trial.Config) {
				continue
			}
			if v, ok := r.number(metrics[c.Metric]); ok {
				values = append(values, v)
			} else {
				lost++
			}
		}
		figure := *f.Of(c.Metric)
		p := part{Undecided, len(values), fmt.Sprintf("published %.2f %%", 100*figure), nil}
		if p.n > 0 {
			p.says += ", here " + experiment.SpreadOf(values).Percent()
		}
		p.says += fmt.Sprintf(", n=%d", p.n)
		if lost > 0 {
			p.says += fmt.Sprintf(", %d without a result", lost)
		} else if p.n > 1 {
			tolerance := contrast.Floor
			if c.Within != nil {
				tolerance = *c.Within
			}
			s := experiment.SpreadOf(values)
			tolerance = max(tolerance, contrast.Prediction(s.Std, p.n))
			p.verdict = verdictOf(math.Abs(s.Mean-figure) <= tolerance)
			p.says += fmt.Sprintf(", tolerance %.2f", 100*tolerance)
			if p.verdict == Yes && tolerance > contrast.Wide && c.Within == nil {
				p.verdict = Undecided
				p.says += ", too wide a spread to tell"
			}
		}
		parts = append(parts, p)
	}
	return parts
}

// WithoutFigures leaves the claims about published figures, which are of CIFAR-10,
// undecided on other data.
func WithoutFigures(claims []Judged) {
	for i := range claims {
		if c := &claims[i]; c.Kind == study.PublishedValue {
			c.Verdict, c.Because = Undecided, "the published figures are of CIFAR-10, the results are of other data"
		}
	}
}
