package train

import (
	"math"
	"testing"
)

// TestSoundTimes: neither time of a result may be impossible.
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

// TestSoundMetrics: every loss and cost is a number from 0 on, and an accuracy no more than 1.
func TestSoundMetrics(t *testing.T) {
	for _, field := range []struct {
		name string
		set  func(*Final, float64)
		most float64
	}{
		{"training loss", func(f *Final, v float64) { f.TrainLoss = v }, math.MaxFloat64},
		{"training cost", func(f *Final, v float64) { f.TrainCost = v }, math.MaxFloat64},
		{"training accuracy", func(f *Final, v float64) { f.TrainAcc = v }, 1},
		{"validation loss", func(f *Final, v float64) { f.ValLoss = v }, math.MaxFloat64},
		{"validation cost", func(f *Final, v float64) { f.ValCost = v }, math.MaxFloat64},
		{"validation accuracy", func(f *Final, v float64) { f.ValAcc = v }, 1},
		{"test loss", func(f *Final, v float64) { f.TestLoss = v }, math.MaxFloat64},
		{"test cost", func(f *Final, v float64) { f.TestCost = v }, math.MaxFloat64},
		{"test accuracy", func(f *Final, v float64) { f.TestAcc = v }, 1},
	} {
		for v, sound := range map[float64]bool{0: true, 1: true, 1.5: field.most > 1, -0.1: false, math.Inf(1): false, math.NaN(): false} {
			r := Result{Steps: 1, Final: &Final{TestMetrics: &TestMetrics{}}}
			if field.set(r.Final, v); r.Sound() != sound {
				t.Errorf("%s %g: %v, want %v", field.name, v, r.Sound(), sound)
			}
		}
	}
}

// TestFinite: a net has diverged as soon as a cost on either set is not finite.
func TestFinite(t *testing.T) {
	for _, c := range []struct {
		m    Metrics
		want bool
	}{
		{Metrics{TrainCost: 1, ValCost: 2}, true},
		{Metrics{TrainCost: math.Inf(1), ValCost: 2}, false},
		{Metrics{TrainCost: math.NaN(), ValCost: 2}, false},
		{Metrics{TrainCost: 1, ValCost: math.Inf(1)}, false},
	} {
		if got := c.m.finite(); got != c.want {
			t.Errorf("%+v: %v", c.m, got)
		}
	}
}
