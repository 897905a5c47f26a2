package model

import "bnlab/blas"

// update says what backward makes of the gradient g of a parameter θ of net k:
//
//	θ' ← scale[k]·g + decay[k]·θ for W, scale[k]·g + keep[k]·θ for others.
//
// A training step is scale = −η, decay = 1 − 2λη, keep = 1, in place. The
// gradient of the cost is scale = 1, decay = 2λ, keep = 0, written over a copy
// of the parameters. So both run through the same lines, and the L2 term and
// the step cost no pass of their own: they are the Gemm's alpha and beta, and in
// layer 1 less than that (see linear). Where λ applies to all parameters, keep is decay.
type update[T blas.Float] struct {
	inPlace bool // θ' goes over the parameters, else into the gradients
	plain   bool // θ' is g itself, for an optimiser
	scale   []T  // one per net
	decay   []T  // one per net
	keep    []T  // one per net
}

func newUpdate[T blas.Float](nets int) update[T] {
	return update[T]{scale: make([]T, nets), decay: make([]T, nets), keep: make([]T, nets)}
}

// step prepares a descent: eta (η) and lambda (λ) hold one value a net.
func (u *update[T]) step(spec Spec, eta, lambda []float64) {
	u.inPlace, u.plain = true, false
	for k := range u.scale {
		u.scale[k] = T(-eta[k])
		u.decay[k] = T(1 - 2*lambda[k]*eta[k])
		u.keep[k] = 1
		if spec.each(k).DecayAll {
			u.keep[k] = u.decay[k]
		}
	}
}

// gradient prepares the gradient of the cost; lambda (λ) holds one value a net.
func (u *update[T]) gradient(spec Spec, lambda []float64) {
	u.inPlace, u.plain = false, false
	for k := range u.scale {
		u.scale[k] = 1
		u.decay[k] = T(2 * lambda[k])
		u.keep[k] = 0
		if spec.each(k).DecayAll {
			u.keep[k] = u.decay[k]
		}
	}
}

// lossGradient prepares the gradient of the loss, without the L2 term.
func (u *update[T]) lossGradient() {
	u.inPlace, u.plain = false, true
	fill(u.scale, 1)
	fill(u.decay, 0)
	fill(u.keep, 0)
}

// of returns where θ' goes: over the parameters theta, or into the gradient.
func (u *update[T]) of(theta, gradient []T) []T {
	if u.inPlace {
		return theta
	}
	return gradient
}

// vector applies the rule to a vector parameter with gradient g, of which each
// net owns units elements.
func (u *update[T]) vector(theta, g []T, units int) {
	if u.plain { // and what was there, a NaN maybe, does not matter
		copy(theta, g)
		return
	}
	for i := range theta {
		theta[i] = u.scale[i/units]*g[i] + u.keep[i/units]*theta[i]
	}
}

func fill[T any](s []T, v T) {
	for i := range s {
		s[i] = v
	}
}
