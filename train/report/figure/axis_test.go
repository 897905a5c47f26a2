package figure

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// Every axis holds its values, and has at least two labelled ticks in its range
// but not so many that they touch.
func TestAxisHoldsValues(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := Axis{Log: rapid.Bool().Draw(t, "log")}
		number := rapid.Float64Range(-1e6, 1e6)
		switch rapid.IntRange(0, 2).Draw(t, "kind") {
		case 1: // as large and as small as numbers get
			number = rapid.Float64Range(-utmost, utmost)
		case 2: // equal but for rounding
			base := rapid.Float64Range(-1e3, 1e3).Draw(t, "base")
			number = rapid.Map(rapid.IntRange(0, 9), func(n int) float64 { return base * (1 + float64(n)*0x1p-52) })
		}
		if a.Log {
			most := rapid.SampledFrom([]float64{1, 8, 300}).Draw(t, "decades")
			number = rapid.Map(rapid.Float64Range(-most, most/2), func(e float64) float64 { return math.Pow(10, e) })
		}
		values := rapid.SliceOfN(number, 1, 20).Draw(t, "values")
		a.Fit(values, rapid.Bool().Draw(t, "round"))
		room := 1e-9 * (a.Max - a.Min)
		for _, v := range values {
			if v < a.Min-room || v > a.Max+room {
				t.Fatalf("%g is outside %g … %g", v, a.Min, a.Max)
			}
		}
		labels := 0
		for i, tick := range a.Ticks {
			if tick.At < a.Min-room || tick.At > a.Max+room || i > 0 && tick.At <= a.Ticks[i-1].At {
				t.Fatalf("tick %g outside %g … %g or out of order", tick.At, a.Min, a.Max)
			}
			if tick.Text != "" {
				labels++
			}
		}
		if labels > 14 || labels < 2 {
			t.Fatalf("%d labels: %+v", labels, a.Ticks)
		}
	})
}
