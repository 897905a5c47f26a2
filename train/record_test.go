package train

import (
	"math"
	"testing"
)

// TestSoundTimes: neither time of a result may be one that no training takes.
func TestSoundTimes(t *testing.T) {
	for name, spoil := range map[string]func(*Result, float64){
		"training":   func(r *Result, v float64) { r.TrainSeconds = v },
		"evaluation": func(r *Result, v float64) { r.EvalSeconds = v },
	} {
		for v, sound := range map[float64]bool{0: true, 1e6: true, -1: false, 1e13: false, math.Inf(1): false} {
			r := Result{Steps: 1, Diverged: true}
			if spoil(&r, v); r.Sound() != sound {
				t.Errorf("%s of %g s: %v, want %v", name, v, r.Sound(), sound)
			}
		}
	}
}
