package verdict

import (
	"fmt"
	"strings"
)

// Difference writes a difference of accuracies in points, of losses as it is.
func Difference(metric string, v float64) string {
	if strings.HasSuffix(metric, "-acc") {
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
