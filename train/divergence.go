package train

import (
	"math"

	"bnlab/model"
)

// Cause is why a training diverged, as far as its configuration shows.
type Cause string

// The causes name what to change, in the words of a report.
const (
	DecayDiverges  Cause = "the weight decay, 2λη above 2"
	WeightsTooWide Cause = "the initial weights, too large"
	RateTooHigh    Cause = "the learning rate, too high"
)

const (
	// soundLambda is above any useful λ, three times the largest of the study's search.
	// With a smaller one the decay diverges only at a learning rate above 10, and then
	// the rate is to blame.
	soundLambda = 0.1
	// largeLambda makes the cost overflow whatever the rate.
	largeLambda = 1e30
	// wideLogits is the initial standard deviation of the logits for a single pixel of
	// standard deviation 1, with which the first steps overflow; He's weights have 0.3
	// or less.
	wideLogits = 20
	// wideUnits is that of a unit under a normalisation whose variance overflows.
	wideUnits = 1e15
)

// WhyDiverged returns the most likely cause of a divergence after steps updates. The
// decay W ← (1 − 2λη)W diverges if 2λη is above 2. Initial weights are too wide
// if the signal grows from layer to layer (He et al. 2015, section 2.2); an overflow
// in the first step is blamed on them rather than on the decay.
func (c Config) WhyDiverged(steps int) Cause {
	wide := c.Init == model.Normal && c.tooWide()
	switch {
	case wide && steps <= 1:
		return WeightsTooWide
	case c.decayDiverges(steps):
		return DecayDiverges
	case wide:
		return WeightsTooWide
	}
	return RateTooHigh
}

// decayDiverges reports whether λη is above 1 in one of the first updates. The rate is
// highest at the end of the warm-up, in the middle of the first cycle, or at the end.
func (c Config) decayDiverges(steps int) bool {
	highest := c.EtaMin
	if steps > 0 {
		for _, t := range []int{c.Warmup, c.Warmup + c.NS, steps - 1} {
			highest = max(highest, c.Eta(min(steps-1, t)))
		}
	}
	decays := !c.Frozen.Has(0, model.Weight) || c.Decay == "all"
	return c.Lambda > largeLambda || c.Lambda > soundLambda && c.Lambda*highest > 1 && decays
}

// tooWide reports whether weights from N(0, σ²) make the first steps overflow. A layer
// of n inputs multiplies the deviation of the signal by σ√n, and a ReLU halves its
// square; a normalisation sets it back to 1.
func (c Config) tooWide() bool {
	if c.Normalised() != model.NoNorm && len(c.NormLayers) == 0 {
		return c.Sigma > wideUnits
	}
	spread := c.Sigma
	for _, n := range c.Hidden {
		spread *= c.Sigma * math.Sqrt(float64(n)/2)
	}
	return spread > wideLogits
}
