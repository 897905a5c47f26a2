package report

import (
	"fmt"
	"math"
)

// ClaimTable returns the published figures beside ours, with Rule in its note.
func (s *Study) ClaimTable() Table {
	t := Table{
		Title:  "Published figures beside ours",
		Align:  "llrrlrrrl",
		Header: []string{"group", "metric", "published", "ours", "agrees?", "n", "difference", "tolerance", "experiment"},
		Note:   Rule + " Differences and tolerances are in points, those of λ in decades.",
	}
	for _, c := range s.Claims {
		t.Rows = append(t.Rows, []string{
			c.Group, metricText(c.Metric), c.publishedText(), c.oursText(), c.verdictText() + t.mark(c.Note), fmt.Sprint(c.N),
			c.difference(), c.toleranceText(), c.Run,
		})
	}
	return t
}

func metricText(m Metric) string {
	return map[Metric]string{TestAccuracy: "test accuracy", ValAccuracy: "val accuracy", BestLambda: "best λ"}[m]
}

// value writes a value of the claim's metric; a dash for nil.
func (c Claim) value(v *float64) string {
	switch {
	case v == nil:
		return "–"
	case c.Metric == BestLambda:
		return "10^" + minus(fmt.Sprintf("%.3f", *v))
	}
	return fmt.Sprintf("%.2f %%", 100**v)
}

// publishedText has as many digits as were published.
func (c Claim) publishedText() string {
	if c.Metric == BestLambda {
		return c.value(&c.Published)
	}
	return fmt.Sprintf("%g %%", math.Round(1e4*c.Published)/100)
}

func (c Claim) oursText() string {
	if c.Std == nil || c.Ours == nil {
		return c.value(c.Ours)
	}
	return fmt.Sprintf("%.2f ± %.2f %%", 100**c.Ours, 100**c.Std)
}

func (c Claim) difference() string {
	switch {
	case c.Difference == nil:
		return "–"
	case c.Metric == BestLambda:
		return minus(fmt.Sprintf("%+.3f", *c.Difference))
	}
	return minus(fmt.Sprintf("%+.2f", 100**c.Difference))
}

func (c Claim) toleranceText() string {
	switch {
	case c.Low != nil:
		return c.value(c.Low) + " … " + c.value(c.High)
	case c.Tolerance == nil:
		return "–"
	}
	return fmt.Sprintf("± %.2f", 100**c.Tolerance)
}

func (c Claim) verdictText() string {
	return map[Verdict]string{Agrees: "yes", Differs: "no", Undecided: "undecided"}[c.Verdict]
}
