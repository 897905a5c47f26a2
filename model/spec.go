// Package model implements fully connected networks with batch normalisation: layers,
// cost, gradients, initial weights, the gradient check, and the file format of saved
// networks.
//
// A [Network] is one net, or several nets of one shape side by side. Layer 1 of all
// of them is then a single product, because they read the same mini-batch;
// everything else is separate for each net.
package model

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// Spec is the common shape of the nets of a Network, and their number.
type Spec struct {
	In     int   // d, length of an input row
	Hidden []int // units of each hidden layer, first to last
	Out    int   // classes

	Nets      int // nets side by side, at least 1
	BatchNorm int // the first BatchNorm of the nets normalise their hidden layers by the mini-batch, the others do not

	LayerNorm  bool  // all nets normalise their hidden layers by the image
	NormAfter  bool  // after the activation, not before
	NormLayers []int // hidden layers that normalise, 1 for the first; nil for all
	Skip       int   // how far below is the layer whose output is added to S; 0 for none

	Activation Activation // of the hidden layers; empty for ReLU
	Optimiser  Optimiser  // empty for SGD
	Frozen     Frozen     // tensors that a step leaves as they are; empty for none
	Each       []Each     // of each net; nil for the study's

	Eps   float64 // ε in Ŝ = (S−μ)/√(v+ε)
	Alpha float64 // α in m ← α·m + (1−α)·batch, for the running statistics

	Half bool // operands of the layers' products are rounded to bfloat16

	MaxRows int // maximum rows of an input; workspaces are of this size
}

// check returns an error that names the first field that makes no sense.
func (s Spec) check() error {
	switch {
	case s.In < 1:
		return fmt.Errorf("model: input length %d is below 1", s.In)
	case s.Out < 1:
		return fmt.Errorf("model: %d classes, at least 1 needed", s.Out)
	case s.Nets < 1:
		return fmt.Errorf("model: %d nets, at least 1 needed", s.Nets)
	case s.BatchNorm < 0 || s.BatchNorm > s.Nets:
		return fmt.Errorf("model: %d of %d nets with batch normalisation", s.BatchNorm, s.Nets)
	case s.Skip < 0:
		return fmt.Errorf("model: skip of %d layers", s.Skip)
	case s.Activation != "" && !s.Activation.Known():
		return fmt.Errorf("model: no activation called %q", s.Activation)
	case s.Optimiser != "" && s.Optimiser != SGD && s.Optimiser != Adam && s.Optimiser != AdamW:
		return fmt.Errorf("model: no optimiser called %q", s.Optimiser)
	case s.Each != nil && len(s.Each) != s.Nets:
		return fmt.Errorf("model: numbers for %d of %d nets", len(s.Each), s.Nets)
	case slices.ContainsFunc(s.Each, func(e Each) bool { return e.Loss != "" && !e.Loss.Known() }):
		return errors.New("model: a loss that there is not")
	case slices.ContainsFunc(s.Each, func(e Each) bool { return (e.Momentum > 0) != (s.Each[0].Momentum > 0) }):
		return errors.New("model: some nets have momentum, others not")
	case !(s.Eps >= 0):
		return fmt.Errorf("model: eps %g is negative", s.Eps)
	case !(s.Alpha >= 0 && s.Alpha < 1):
		return fmt.Errorf("model: alpha %g is outside [0, 1)", s.Alpha)
	case s.MaxRows < 1:
		return fmt.Errorf("model: room for %d rows, at least 1 needed", s.MaxRows)
	}
	for i, h := range s.Hidden {
		if h < 1 {
			return fmt.Errorf("model: hidden layer %d has %d units", i+1, h)
		}
	}
	return cmp.Or(s.checkNorm(), s.checkFrozen())
}

// widths returns the units of every layer: the hidden ones, then the classes.
func (s Spec) widths() []int {
	return append(append([]int(nil), s.Hidden...), s.Out)
}

// Parameters returns how many parameters all nets have together.
func (s Spec) Parameters() (n int) {
	in := s.In
	for l, width := range s.widths() {
		n += s.Nets * width * (in + 1)
		n += 2 * s.normalised(l) * width
		in = width
	}
	return n
}

// Elements returns how many numbers a Network holds, apart from a few per unit:
// parameters, gradients and moments, and for MaxRows images the output of each layer, its
// gradient, operands rounded to bfloat16, two of which take the room of a number, Ŝ, f′(S̃) of another activation than ReLU or of one before a normalisation, noise, and scratch for the widest hidden
// layer.
func (s Spec) Elements() float64 {
	row := s.Nets * s.widest()
	for _, width := range s.widths() {
		row += 2 * s.Nets * width
	}
	for l, width := range s.Hidden {
		row += s.normalised(l) * width
		if s.keepsSlope(l) {
			row += s.Nets * width
		}
		if s.noisy() {
			row += s.Nets * width
		}
	}
	return float64(2+s.Moments())*float64(s.Parameters()) + float64(s.MaxRows)*float64(row) + s.halves()/2
}

// widest returns the units of the widest hidden layer.
func (s Spec) widest() (n int) {
	for _, width := range s.Hidden {
		n = max(n, width)
	}
	return n
}

// Moments returns how many numbers the optimiser keeps beside each parameter: none, the
// velocity of momentum, or both moments of Adam. All nets side by side keep as many.
func (s Spec) Moments() int {
	switch {
	case s.Optimiser == Adam || s.Optimiser == AdamW:
		return 2
	case len(s.Each) > 0 && s.Each[0].Momentum > 0:
		return 1
	}
	return 0
}

// each returns the numbers of net k.
func (s Spec) each(k int) Each {
	if s.Each == nil {
		return Each{}
	}
	return s.Each[k]
}
