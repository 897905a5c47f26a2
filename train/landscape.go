package train

import (
	"bnlab/blas"
	"bnlab/model"
)

// landscapePoints is at how many places along the gradient a probe looks.
const landscapePoints = 8

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
