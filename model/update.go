package model

import "bnlab/blas"

// update says what backward makes of the gradient g of a parameter θ of net k:
//
//	θ' ← scale[k]·g + keep·θ, with decay[k] in place of keep for W.
//
// A training step is scale = −η, decay = 1 − 2λη, keep = 1, in place. The
// gradient of the cost is scale = 1, decay = 2λ, keep = 0, written over a copy
// of the parameters. So both run through the same lines, and the L2 term and
// the step cost no pass of their own: they are the Gemm's alpha and beta, and in
// layer 1 less than that (see linear).
type update[T blas.Float] struct {
	inPlace bool // θ' goes over the parameters, else into the gradients
	scale   []T  // one per net
	decay   []T  // one per net
	keep    T
}

// step prepares a descent: eta (η) and lambda (λ) hold one value a net.
func (u *update[T]) step(eta, lambda []float64) {
	u.inPlace, u.keep = true, 1
	for k := range u.scale {
		u.scale[k] = T(-eta[k])
		u.decay[k] = T(1 - 2*lambda[k]*eta[k])
	}
}

// gradient prepares the gradient of the cost; lambda (λ) holds one value a net.
func (u *update[T]) gradient(lambda []float64) {
	u.inPlace, u.keep = false, 0
	for k := range u.scale {
		u.scale[k] = 1
		u.decay[k] = T(2 * lambda[k])
	}
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
	for i := range theta {
		theta[i] = u.scale[i/units]*g[i] + u.keep*theta[i]
	}
}
