package train

import (
	"slices"

	"bnlab/model"
)

// Normalised returns the normalisation of the hidden layers.
func (c Config) Normalised() model.Norm {
	if c.BN {
		return model.BatchNorm
	}
	return c.Norm
}

// SetNorm sets the normalisation of the hidden layers in the one form that a configuration
// has of it: batch normalisation is BN, which the study had first.
func (c *Config) SetNorm(n model.Norm) {
	if c.BN, c.Norm = n == model.BatchNorm, n; c.BN {
		c.Norm = model.NoNorm
	}
}

// normBatch returns how many images of a mini-batch are normalised together.
func (c Config) normBatch() int {
	if c.Ghost > 0 {
		return c.Ghost
	}
	return c.Batch
}

// SetNormLayers sets the hidden layers that normalise, none for all.
func (c *Config) SetNormLayers(layers []int) {
	if c.NormLayers = layers; len(layers) == 0 {
		c.NormLayers = nil // as where nothing has set it
	}
}

func (c Config) checkNorm() error {
	switch {
	case c.Norm == model.BatchNorm:
		return badf("{norm} batch: a configuration has it as {bn} true")
	case c.Norm != model.NoNorm && c.Norm != model.LayerNorm:
		return badf("{norm} %q: give none, batch or layer", c.Norm)
	case c.BN && c.Norm == model.LayerNorm:
		return badf("{norm} layer: {bn} says batch; give one of the two")
	case c.Normalised() == model.NoNorm && c.NormAfter:
		return badf("{norm_after}: nothing normalises; give {norm} batch or layer")
	case c.Normalised() == model.NoNorm && len(c.NormLayers) > 0:
		return badf("{norm_layers}: nothing normalises; give {norm} batch or layer")
	case !c.BN && c.Ghost != 0:
		return badf("{ghost} %d: only batch normalisation has statistics of images; give {norm} batch", c.Ghost)
	case !c.BN && c.Noisy:
		return badf("{noisy}: only batch normalisation has the noise; give {norm} batch")
	case c.Ghost != 0 && (c.Ghost < 2 || c.Ghost >= c.Batch || c.Batch%c.Ghost != 0):
		return badf("{ghost} %d: give a number of images from 2 that divides {batch}, %d, and is less", c.Ghost, c.Batch)
	}
	return c.checkNormLayers()
}

// checkNormLayers checks which layers normalise, and whether they can.
func (c Config) checkNormLayers() error {
	for i, l := range c.NormLayers {
		switch {
		case l < 1 || l > len(c.Hidden):
			return badf("{norm_layers}: no hidden layer %d; give numbers from 1 to %d", l, len(c.Hidden))
		case i > 0 && l <= c.NormLayers[i-1]:
			return badf("{norm_layers}: %d after %d; give the numbers in order, each once", l, c.NormLayers[i-1])
		}
	}
	if n := len(c.NormLayers); n > 0 && n == len(c.Hidden) {
		return badf("{norm_layers}: all %d; leave it out for that", n)
	}
	for i, units := range c.Hidden {
		if c.Norm == model.LayerNorm && units < 2 && (len(c.NormLayers) == 0 || slices.Contains(c.NormLayers, i+1)) {
			return badf("{hidden}: layer %d has 1 unit, and {norm} layer normalises over units; give at least 2", i+1)
		}
	}
	return nil
}
