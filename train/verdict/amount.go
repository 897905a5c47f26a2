package verdict

import (
	"fmt"
	"strings"
)

// Difference writes a difference of accuracies in points, of losses as it is.
func Difference(metric string, v float64) string {
	if strings.Contains(metric, "-acc") {
		return fmt.Sprintf("%+.2f", 100*v)
	}
	return fmt.Sprintf("%+.4f", v)
}

// PValue writes a p value with two digits.
func PValue(p float64) string {
	if p < 0.0001 {
		return "<0.0001"
	}
	return fmt.Sprintf("%.2g", p)
}

// relation writes a p value with the sign before it.
func relation(p float64) string {
	if text := PValue(p); text[0] == '<' {
		return text
	}
	return "=" + PValue(p)
}

// Cells returns the contrast as texts, for tables: the values that are compared, the point of
// the other axes, the metric, the number of pairs, the mean difference, its 95 % confidence
// interval, p after Holm's correction, p exact, and the seeds for half a point. What is not
// known is a dash.
func (c Contrast) Cells() []string {
	cells := []string{c.Values[0] + " − " + c.Values[1], c.At, c.Metric, fmt.Sprint(c.N), "–", "–", "–", "–", "–"}
	if c.Diff != nil {
		cells[4] = Difference(c.Metric, *c.Diff)
	}
	if c.CI != nil {
		cells[5] = Difference(c.Metric, c.CI[0]) + " to " + Difference(c.Metric, c.CI[1])
		cells[6], cells[7] = PValue(*c.PHolm), PValue(*c.PExact)
	}
	if c.Seeds != nil {
		cells[8] = fmt.Sprint(*c.Seeds)
	}
	return cells
}
