package model

import (
	"fmt"
	"slices"
)

// Norm names a normalisation of the hidden layers.
type Norm string

// The normalisations, and none.
const (
	NoNorm    Norm = "none"
	BatchNorm Norm = "batch" // over the images of a mini-batch, Ioffe and Szegedy 2015
	LayerNorm Norm = "layer" // over the units of an image, Ba et al. 2016
)

// normalised returns how many nets normalise hidden layer l, counted from 0: those with batch
// normalisation or all, if it is a layer that normalises.
func (s Spec) normalised(l int) int {
	switch {
	case l >= len(s.Hidden) || len(s.NormLayers) > 0 && !slices.Contains(s.NormLayers, l+1):
		return 0
	case s.LayerNorm:
		return s.Nets
	}
	return s.BatchNorm
}

// checkNorm returns an error if what is said of the normalisation makes no sense.
func (s Spec) checkNorm() error {
	if s.LayerNorm && s.BatchNorm > 0 {
		return fmt.Errorf("model: layer normalisation beside batch normalisation of %d nets", s.BatchNorm)
	}
	for _, l := range s.NormLayers {
		if l < 1 || l > len(s.Hidden) {
			return fmt.Errorf("model: no hidden layer %d to normalise", l)
		}
	}
	return nil
}
