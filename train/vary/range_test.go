package vary

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// TestFourDigits: short names, and no value moves by more than half a digit.
func TestFourDigits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Float64Range(1e-9, 1e3).Draw(t, "v")
		r := FourDigits(v)
		if math.Abs(r-v) > 0.5001e-3*v || fmt.Sprintf("%.4g", v) != fmt.Sprintf("%.4g", r) {
			t.Fatalf("%g becomes %g", v, r)
		}
	})
}
