package model

import (
	"fmt"
	"math"
	"slices"

	"bnlab/blas"
)

// Norm names a normalisation of the hidden layers.
type Norm string

// The normalisations, and none.
const (
	NoNorm    Norm = "none"
	BatchNorm Norm = "batch" // over the images of a mini-batch, Ioffe and Szegedy 2015
	LayerNorm Norm = "layer" // over the units of an image, Ba et al. 2016
)

// gain holds the parameters with which a normalisation ends, S̃ = γ⊙Ŝ + β: one of each for a
// unit, of all nets that normalise, side by side.
type gain[T blas.Float] struct {
	gamma, dgamma []T // units
	beta, dbeta   []T // units

	frozenGamma, frozenBeta bool
}

// update moves γ and β, where they are not frozen, by their gradients Σ G⊙Ŝ and Σ G (units) as
// u says; each net owns width of the units.
func (g *gain[T]) update(sumGHat, sumG []T, width int, u *update[T]) {
	if !g.frozenGamma {
		u.vector(u.of(g.gamma, g.dgamma), sumGHat, width)
	}
	if !g.frozenBeta {
		u.vector(u.of(g.beta, g.dbeta), sumG, width)
	}
}

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

// roundoff returns the unit roundoff of T, half the distance from 1 to the next
// number.
func roundoff[T blas.Float]() T {
	if blas.Bits[T]() == 32 {
		return 0x1p-24
	}
	return 0x1p-53
}

// invSqrt returns 1/√v, or NaN for a variance that has overflowed, so that the overflow
// shows instead of silently zeroing the unit.
func invSqrt[T blas.Float](v T) T {
	if math.IsInf(float64(v), 1) {
		return T(math.NaN())
	}
	return T(1 / math.Sqrt(float64(v)))
}
