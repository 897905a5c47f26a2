package train

import "bnlab/model"

// SetFrozen sets what no step changes, in the order that a configuration has of it.
func (c *Config) SetFrozen(f model.Frozen) { c.Frozen = f.Sorted() }

func (c Config) checkFrozen() error {
	if c.Frozen == model.NoneFrozen {
		return nil
	}
	all, ok := c.Frozen.Tensors()
	if !ok {
		return badf("{frozen} %q: give none, W, b, gamma or beta, of one layer with its number, as 1.W; several as W+1.b", c.Frozen)
	}
	spec := Spec([]Config{c}, 1, 1)
	for _, t := range all {
		switch last := len(c.Hidden) + 1; {
		case len(spec.LayersOf(t)) > 0:
		case t.Layer > last:
			return badf("{frozen} %s: no layer %d; give numbers from 1 to %d", c.Frozen, t.Layer, last)
		case c.Normalised() == model.NoNorm:
			return badf("{frozen} %s: nothing normalises; give {norm} batch or layer", c.Frozen)
		default:
			return badf("{frozen} %s: no normalisation has the %s; leave it out", c.Frozen, t)
		}
	}
	switch same := spec.CanonicalFrozen(); {
	case !spec.Trains():
		return badf("{frozen} %s: nothing is left to train; leave out one of them", c.Frozen)
	case same != c.Frozen:
		return badf("{frozen} %s: write it as %s", c.Frozen, same)
	}
	return nil
}
