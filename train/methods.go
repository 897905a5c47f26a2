package train

import (
	"cmp"
	"math"

	"bnlab/model"
)

func (m Methods) check() error {
	switch {
	case !m.Activation.Known():
		return badf("{activation} %q: give relu, leaky, gelu, tanh or sigmoid", m.Activation)
	case !inRange(m.Dropout, 0, 1) || m.Dropout == 1:
		return badf("{dropout} %g: give a probability from 0 up to, not including, 1", m.Dropout)
	case !inRange(m.Smoothing, 0, 1) || m.Smoothing == 1:
		return badf("{smoothing} %g: give a number from 0 up to, not including, 1", m.Smoothing)
	case !m.Loss.Known():
		return badf("{loss} %q: give softmax, bce or hinge", m.Loss)
	case m.Loss == model.Hinge && m.Smoothing > 0:
		return badf("{smoothing} %g: {loss} hinge has no target to smooth; leave it out, or give {loss} bce", m.Smoothing)
	case m.Decay != "weights" && m.Decay != "all":
		return badf("{decay} %q: give weights or all", m.Decay)
	}
	return nil
}

func (c Config) checkSkip() error {
	switch {
	case c.Skip < 0 || c.Skip > 2:
		return badf("{skip} %d: give 0, 1 or 2 layers", c.Skip)
	case c.Skip > 0 && (model.Spec{Hidden: c.Hidden, Skip: c.Skip}).Skips() == 0:
		return badf("{skip} %d: no hidden layer has as many units as the one %[1]d below it; give {hidden} of equal sizes, such as 50,50,50", c.Skip)
	}
	return nil
}

func (o Optimisation) check() error {
	adam := o.Optimiser == model.Adam || o.Optimiser == model.AdamW
	switch {
	case !adam && o.Optimiser != model.SGD:
		return badf("{optimiser} %q: give sgd, adam or adamw", o.Optimiser)
	case !inRange(o.Momentum, 0, 1) || o.Momentum == 1:
		return badf("{momentum} %g: give a number from 0 up to, not including, 1", o.Momentum)
	case adam && o.Momentum > 0:
		return badf("{momentum} %g: %s has {beta1} instead; leave it out, or give {optimiser} sgd", o.Momentum, o.Optimiser)
	case o.Nesterov && o.Momentum == 0:
		return badf("{nesterov}: there is no momentum to look ahead with; give {momentum}, such as 0.9")
	case !inRange(o.Beta1, 0, 1) || o.Beta1 == 1:
		return badf("{beta1} %g: give a number from 0 up to, not including, 1", o.Beta1)
	case !inRange(o.Beta2, 0, 1) || o.Beta2 == 1:
		return badf("{beta2} %g: give a number from 0 up to, not including, 1", o.Beta2)
	case !inRange(o.AdamEps, 1e-30, math.MaxFloat32):
		return badf("{adam_eps} %g: give a number above 0", o.AdamEps)
	}
	for i, name := range []string{"beta1", "beta2", "adam_eps"} {
		off := allOff()
		if !adam && []float64{o.Beta1, o.Beta2, o.AdamEps}[i] != []float64{off.Beta1, off.Beta2, off.AdamEps}[i] {
			return badf("{" + name + "}: only adam and adamw have one; give {optimiser} adam")
		}
	}
	return nil
}

// each returns the numbers of c that the nets beside it need not have.
func (c Config) each() model.Each {
	return model.Each{
		Loss: c.Loss, Smoothing: c.Smoothing, Dropout: c.Dropout, Seed: c.Seed, DecayAll: c.Decay == "all",
		Ghost: c.Ghost, Noisy: c.Noisy,
		Momentum: c.Momentum, Nesterov: c.Nesterov, Beta1: c.Beta1, Beta2: c.Beta2, AdamEps: c.AdamEps,
	}
}

func (c Config) checkMethods() error {
	return cmp.Or(c.Methods.check(), c.checkNorm(), c.checkSkip(), c.checkFrozen(), c.Optimisation.check(), c.Scheduling.check(), c.Augmentation.check())
}
