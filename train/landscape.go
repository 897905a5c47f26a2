package train

import (
	"encoding/json"
	"math"

	"bnlab/blas"
	"bnlab/model"
)

// Probe is what a net meets along its gradient before one update, on its mini-batch and at
// distances up to LandscapeTo·η times the gradient.
type Probe struct {
	Step       int    `json:"step"`       // updates done
	LossMin    Number `json:"loss_min"`   // of the mean loss
	LossMax    Number `json:"loss_max"`   //
	ChangeMin  Number `json:"change_min"` // of ‖g(θ − aηg) − g(θ)‖
	ChangeMax  Number `json:"change_max"` //
	Smoothness Number `json:"smoothness"` // the largest ‖g(θ − aηg) − g(θ)‖/‖aηg‖
}

// Number is one that JSON has as null where it is infinite, or none: along the gradient of
// a net that is about to diverge, a loss may overflow. Then it reads +Inf.
type Number float64

// MarshalJSON writes the number, or null.
func (n Number) MarshalJSON() ([]byte, error) {
	if !finite(float64(n)) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(n))
}

// UnmarshalJSON reads what MarshalJSON writes.
func (n *Number) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		*n = Number(math.Inf(1))
		return nil
	}
	return json.Unmarshal(text, (*float64)(n))
}

// number is v, or +Inf for what is no number.
func number(v float64) Number {
	if math.IsNaN(v) {
		return Number(math.Inf(1))
	}
	return Number(v)
}

const (
	// landscapePoints is at how many places along the gradient a probe looks.
	landscapePoints = 8
	// maxProbes is how many a record holds.
	maxProbes = 2000
)

func (c Config) checkLandscape() error {
	switch {
	case c.Landscape < 0:
		return badf("{landscape} %d: give the updates between two probes, or 0 for none", c.Landscape)
	case c.Landscape == 0 && c.LandscapeTo != 4:
		return badf("{landscape_to} %g: needs {landscape}", c.LandscapeTo)
	case !inRange(c.LandscapeTo, 1e-6, 1e6):
		return badf("{landscape_to} %g: give how many learning rates to look ahead, 1e-6 to 1e6", c.LandscapeTo)
	case c.Landscape > 0 && c.probes() > maxProbes:
		return badf("{landscape} %d: %d probes in %d steps, give at most %d; look every %d steps or more", c.Landscape, c.probes(), c.Steps(), maxProbes, (c.Steps()+maxProbes-1)/maxProbes)
	}
	return nil
}

// probes returns how many probes a training has, 0 where none is asked for.
func (c Config) probes() int {
	if c.Landscape == 0 {
		return 0
	}
	return (c.Steps() + c.Landscape - 1) / c.Landscape
}

// probe looks along the gradient of the nets for which a probe is due, on the mini-batch of
// the next update. The gradient is that of the cost, which AdamW's decay is no part of.
func (f *fit[T]) probe(x blas.Matrix[T], labels []uint8) {
	due := false
	for _, c := range f.configs {
		due = due || c.Landscape > 0 && f.done%c.Landscape == 0
	}
	if !due {
		return
	}
	f.lap(&f.training)
	reach, lambda := make([]float64, len(f.trial)), make([]float64, len(f.trial))
	for k, i := range f.trial {
		c := f.configs[i]
		reach[k] = c.LandscapeTo * f.eta[k]
		if c.Optimiser != model.AdamW {
			lambda[k] = f.lambda[k]
		}
	}
	for k, l := range f.net.Landscape(x, labels, reach, lambda, landscapePoints) {
		r, c := &f.results[f.trial[k]], f.configs[f.trial[k]]
		if c.Landscape > 0 && f.done%c.Landscape == 0 && !r.Diverged {
			r.Landscape = append(r.Landscape, Probe{
				f.done, number(l.LossMin), number(l.LossMax), number(l.ChangeMin), number(l.ChangeMax), number(l.Smoothness),
			})
		}
	}
	f.lap(&f.evals)
}

// soundProbes reports whether a training can have them.
func soundProbes(probes []Probe) bool {
	last := -1
	for _, p := range probes {
		for _, v := range []Number{p.LossMin, p.LossMax, p.ChangeMin, p.ChangeMax, p.Smoothness} {
			if !(v >= 0) {
				return false
			}
		}
		if p.Step <= last || p.LossMin > p.LossMax || p.ChangeMin > p.ChangeMax {
			return false
		}
		last = p.Step
	}
	return len(probes) <= maxProbes
}
