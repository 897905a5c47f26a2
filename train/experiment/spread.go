package experiment

import (
	"encoding/json"
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat"
)

// Spread describes the values of a group: their mean and standard deviation with
// divisor n−1, 0 for a single value. Without values it is null in JSON.
type Spread struct {
	Mean   float64   `json:"mean"`
	Std    float64   `json:"std"`
	Values []float64 `json:"values"`
}

// MarshalJSON writes the spread, null without values.
func (s Spread) MarshalJSON() ([]byte, error) {
	type plain Spread // without this method
	if len(s.Values) == 0 {
		return []byte("null"), nil
	}
	return json.Marshal(plain(s))
}

// SpreadOf describes values. Losses of nets that nearly diverged can be close to the
// largest number: such values are scaled first, so that no square overflows.
func SpreadOf(values []float64) Spread {
	s := Spread{Values: values}
	largest := 0.0
	for _, v := range values {
		largest = max(largest, math.Abs(v))
	}
	switch {
	case len(values) == 0:
	case len(values) == 1:
		s.Mean = values[0]
	case largest < 1e150:
		s.Mean, s.Std = stat.MeanStdDev(values, nil)
	default:
		scaled := make([]float64, len(values))
		for i, v := range values {
			scaled[i] = v / largest
		}
		s.Mean, s.Std = stat.MeanStdDev(scaled, nil)
		s.Mean, s.Std = largest*s.Mean, largest*s.Std
	}
	return s
}

// Percent formats a spread of fractions as percentages, mean ± standard deviation; only
// the mean for a single value, and a dash for none.
func (s Spread) Percent() string { return s.format("%.2f", "%.2f", " %%", 100) }

// Number does the same for plain numbers, large ones with three digits.
func (s Spread) Number() string {
	if math.Abs(s.Mean) >= 1000 {
		return s.format("%.3g", "%.2g", "", 1)
	}
	return s.format("%.3f", "%.3f", "", 1)
}

func (s Spread) format(mean, std, unit string, factor float64) string {
	switch len(s.Values) {
	case 0:
		return "–"
	case 1:
		return fmt.Sprintf(mean+unit, factor*s.Mean)
	}
	return fmt.Sprintf(mean+" ± "+std+unit, factor*s.Mean, factor*s.Std)
}
