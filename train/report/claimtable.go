package report

import (
	"fmt"
	"math"

	"bnlab/train/report/figure"
)

// ClaimTable returns the published figures beside ours, with Rule in its note.
func (s *Study) ClaimTable() Table {
	t := Table{
		Title:  "Published figures beside ours",
		Align:  "llrrlrrrl",
		Header: []string{"group", "metric", "published", "ours", "agrees?", "n", "difference", "tolerance", "experiment"},
		Note:   Rule + " Differences and tolerances are in points, those of λ in decades.",
	}
	metrics := map[Metric]string{TestAccuracy: "test accuracy", ValAccuracy: "val accuracy", BestLambda: "best λ"}
	for _, c := range s.Claims {
		t.Rows = append(t.Rows, []string{
			c.Group, metrics[c.Metric], c.publishedText(), c.oursText(), c.verdictText() + t.mark(c.Note), fmt.Sprint(c.N),
			c.differenceText(), c.toleranceText(), c.Run,
		})
	}
	return t
}

// publishedText has as many digits as were published.
func (c Claim) publishedText() string {
	if c.Metric == BestLambda {
		return powerText(c.Published)
	}
	return fmt.Sprintf("%g %%", math.Round(1e4*c.Published)/100)
}

func (c Claim) oursText() string {
	switch {
	case c.Ours == nil:
		return "–"
	case c.Metric == BestLambda:
		return powerText(*c.Ours)
	case c.Std == nil:
		return fmt.Sprintf("%.2f %%", 100**c.Ours)
	}
	return fmt.Sprintf("%.2f ± %.2f %%", 100**c.Ours, 100**c.Std)
}

func (c Claim) differenceText() string {
	switch {
	case c.Difference == nil:
		return "–"
	case c.Metric == BestLambda:
		return figure.Minus(fmt.Sprintf("%+.3f", *c.Difference))
	}
	return figure.Minus(fmt.Sprintf("%+.2f", 100**c.Difference))
}

func (c Claim) toleranceText() string {
	switch {
	case c.Low != nil:
		return powerText(*c.Low) + " … " + powerText(*c.High)
	case c.Tolerance == nil:
		return "–"
	}
	return fmt.Sprintf("± %.2f", 100**c.Tolerance)
}

func (c Claim) verdictText() string {
	return map[Verdict]string{Agrees: "yes", Differs: "no", Undecided: "undecided"}[c.Verdict]
}
