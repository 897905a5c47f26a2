package train

import (
	"testing"

	"bnlab/model"
)

// TestWhyDiverged: what is blamed for a divergence is what mends it: with that one
// setting as usual, and all others as they are, the training does not diverge. What is
// not blamed does not mend it, but that a smaller rate helps against a decay too.
func TestWhyDiverged(t *testing.T) {
	deep := []int{8, 8, 8, 8, 8, 8, 8, 8}
	mend := map[Cause]func(*Config){
		DecayDiverges:  func(c *Config) { c.Lambda = 0.001 },
		WeightsTooWide: func(c *Config) { c.Init, c.Sigma = model.He, 0 },
		RateTooHigh:    func(c *Config) { c.EtaMin, c.EtaMax = 1e-5, 0.01 },
	}
	normal := func(sigma float64, hidden []int) func(*Config) {
		return func(c *Config) { c.Init, c.Sigma, c.Hidden = model.Normal, sigma, hidden }
	}
	rates := func(low, high float64) func(*Config) { return func(c *Config) { c.EtaMin, c.EtaMax = low, high } }
	lambda := func(v float64) func(*Config) { return func(c *Config) { c.Lambda = v } }
	for name, v := range map[string]struct {
		change func(*Config)
		want   Cause
	}{
		"λ 100":              {lambda(100), DecayDiverges},
		"λ 1e30":             {lambda(1e30), DecayDiverges},
		"λ 1e38":             {lambda(1e38), DecayDiverges},
		"λ 5, η 1, BN":       {func(c *Config) { c.Lambda, c.EtaMax, c.BN = 5, 1, true }, DecayDiverges},
		"σ 5, 9 layers":      {normal(5, deep), WeightsTooWide},
		"σ 1e30":             {normal(1e30, []int{8, 8}), WeightsTooWide},
		"σ 1e30, BN":         {func(c *Config) { normal(1e30, []int{8, 8})(c); c.BN = true }, WeightsTooWide},
		"σ 5 and a small λ":  {func(c *Config) { normal(5, deep)(c); c.Lambda = 1e-6 }, WeightsTooWide},
		"η 1e30":             {rates(1e-5, 1e30), RateTooHigh},
		"η 1e30 from step 1": {rates(1e30, 1e30), RateTooHigh},
		"η 1e20, no λ":       {func(c *Config) { rates(1e-5, 1e20)(c); c.Lambda = 0 }, RateTooHigh},
		"σ usual, η 1e30":    {func(c *Config) { normal(0.1, []int{8, 8})(c); rates(1e-5, 1e30)(c) }, RateTooHigh},
	} {
		t.Run(name, func(t *testing.T) {
			c := small()
			c.EtaMin, c.EtaMax, c.Lambda, c.BN, c.Precision = 1e-5, 0.1, 0.001, false, F32
			c.NS, c.Cycles, c.Evals = 40, 2, 1
			v.change(&c)
			r := fitAll[float32](t, c).results[0]
			if got := c.WhyDiverged(r.Steps); !r.Diverged || got != v.want {
				t.Fatalf("diverged %v at step %d: %s, want %s", r.Diverged, r.Steps, got, v.want)
			}
			for cause, change := range mend {
				if v.want == DecayDiverges && cause == RateTooHigh {
					continue
				}
				mended := c
				change(&mended)
				if r := fitAll[float32](t, mended).results[0]; r.Diverged != (cause != v.want) {
					t.Errorf("%s mended: diverged %v", cause, r.Diverged)
				}
			}
		})
	}
}

// The rates up to the divergence count, not those that would have come.
func TestWhyDivergedWhen(t *testing.T) {
	c := Default() // η above 0.01 from step 225 on
	c.Lambda = 100
	for steps, want := range map[int]Cause{1: RateTooHigh, 200: RateTooHigh, 226: DecayDiverges, 227: DecayDiverges, 5000: DecayDiverges, c.Steps(): DecayDiverges} {
		if got := c.WhyDiverged(steps); got != want {
			t.Errorf("after %d steps: %s, want %s", steps, got, want)
		}
	}
	c.Init, c.Sigma = model.Normal, 5
	for steps, want := range map[int]Cause{1: WeightsTooWide, 2: WeightsTooWide, 300: DecayDiverges} {
		if got := c.WhyDiverged(steps); got != want {
			t.Errorf("wide weights, after %d steps: %s, want %s", steps, got, want)
		}
	}
	c.Lambda = 1e6 // so that the decay diverges from the first step on, but the loss did before
	if got := c.WhyDiverged(1); got != WeightsTooWide {
		t.Errorf("wide weights and a large λ, after a step: %s", got)
	}
}
