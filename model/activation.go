package model

import "bnlab/blas"

// Activation names the function f between two layers, A = f(S̃).
type Activation string

// ReLU is the study's activation, max(0, x). Those of package blas have others.
const ReLU Activation = "relu"

// Known reports whether there is such an activation.
func (a Activation) Known() bool {
	_, ok := blas.ActivationNamed(string(a))
	return ok
}

// keepsSlope reports whether backward needs f′(S̃) beside A.
func (a Activation) keepsSlope() bool { return a != "" && a != ReLU }

// activation applies f to a layer of all nets side by side, forward, and multiplies by
// f′, backward: forward keeps f′(S̃). ReLU keeps nothing where A stays, which shows its derivative.
type activation[T blas.Float] struct {
	of    blas.Activation
	slope []T // units×MaxRows: f′(S̃); nil if A shows it, for ReLU
}

func newActivation[T blas.Float](spec Spec, l int) (f activation[T]) {
	f.of, _ = blas.ActivationNamed(string(spec.Activation))
	if spec.keepsSlope(l) {
		f.slope = make([]T, spec.Nets*spec.Hidden[l]*spec.MaxRows)
	}
	return f
}

// forward turns s (units×n) from S̃ into A = f(S̃).
func (f *activation[T]) forward(s blas.Matrix[T]) {
	if f.slope == nil {
		blas.ReLU(s) // keeps a NaN, so that divergence shows
		return
	}
	blas.Activate(f.of, s, f.slopeOf(s))
}

// backward turns d (units×n) from ∂J/∂A into ∂J/∂S̃ = f′(S̃)⊙∂J/∂A. out is the A that the
// last forward left.
func (f *activation[T]) backward(out, d blas.Matrix[T]) {
	if f.slope == nil {
		blas.ReLUMask(out, d) // out > 0 where S̃ is
		return
	}
	blas.MultiplyBy(f.slopeOf(d), d)
}

// slopeOf returns f′(S̃) in the shape of s.
func (f *activation[T]) slopeOf(s blas.Matrix[T]) blas.Matrix[T] {
	return blas.Of(s.Rows, s.Cols, f.slope[:s.Rows*s.Cols])
}

// keepsSlope reports whether that of hidden layer l, counted from 0, does: also if A does not
// stay, because a normalisation comes after it.
func (s Spec) keepsSlope(l int) bool {
	return s.Activation.keepsSlope() || s.NormAfter && s.normalised(l) > 0
}
