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

// normalises reports whether net k normalises, at least in some layers.
func (net *Network[T]) normalises(k int) bool { return net.Spec.LayerNorm || net.BatchNorm(k) }

// gain returns the parameters of the layer's normalisation, nil if it has none.
func (ly *layer[T]) gain() *gain[T] {
	switch {
	case ly.bn != nil:
		return &ly.bn.gain
	case ly.ln != nil:
		return &ly.ln.gain
	}
	return nil
}

// normalise turns s (units×n) of hidden layer l from S into S̃, or where it comes after the
// activation from f(S) into A, in the rows of the nets that normalise.
func (net *Network[T]) normalise(l int, s blas.Matrix[T], mode Mode) {
	ly := &net.layers[l]
	if ly.ln != nil {
		ly.ln.forward(s)
	}
	bn := ly.bn
	if bn == nil {
		return
	}
	s = s.RowBlock(0, bn.units)
	if mode == Eval || bn.known {
		bn.forwardRunning(s)
		return
	}
	bn.forwardBatch(s, net.scratchFor(s), net.ones[:s.Cols], mode.trains())
	if mode == Train {
		bn.updateRunning()
	}
	if ly.noise != nil && mode.trains() {
		net.perturb(l, s)
	}
}

// normaliseBackward turns d (units×n) from the gradient with respect to the output of the
// last normalise into that with respect to its input.
func (net *Network[T]) normaliseBackward(l int, d blas.Matrix[T]) {
	ly := &net.layers[l]
	if ly.ln != nil {
		ly.ln.backward(d, &net.update)
	}
	if ly.noise != nil {
		net.perturbBackward(l, d)
	}
	if ly.bn != nil {
		d = d.RowBlock(0, ly.bn.units)
		ly.bn.backward(d, net.scratchFor(d), net.ones[:d.Cols], &net.update)
	}
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
