package blas

import "math"

// The steps of optimisers: element by element over vectors of equal length, the parameters
// x, their gradient g, which stays, and the moments. They are computed with the same
// roundings in optimise.h. The formulas are those of torch.optim.

// MomentumStep is a step of gradient descent with momentum μ at the rate eta:
//
//	g ← g + decay·x, v ← μ·v + g, x ← x − eta·v
//
// and with Nesterov's way of looking ahead x ← x − eta·(g + μ·v) (Sutskever et al. 2013).
func MomentumStep[T Float](eta, decay, mu float64, nesterov bool, x, g, v []T) {
	sameLength(x, g, v)
	ahead := T(0)
	if nesterov {
		ahead = 1
	}
	note(Call{Name: "MomentumStep", M: 1, N: len(x)})
	over[T](len(x), 1).momentum(T(eta), T(decay), T(mu), ahead, x, g, v)
}

// Adam holds the numbers of a step of Adam (Kingma and Ba 2015).
type Adam struct {
	Eta, Beta1, Beta2, Eps float64
	Updates                int64   // with this one, for the correction of the bias
	Decay                  float64 // g ← g + Decay·x, before anything else
	Shrink                 float64 // x ← x − Shrink·x, decoupled (Loshchilov and Hutter 2019)
}

// AdamStep does the step of a:
//
//	m ← m + (1 − β₁)(g − m), v ← β₂·v + (1 − β₂)·g²,
//	x ← x − eta/(1 − β₁ᵗ)·m / (√v/√(1 − β₂ᵗ) + ε)
func AdamStep[T Float](a Adam, x, g, m, v []T) {
	sameLength(x, g, m)
	sameLength(x, g, v)
	note(Call{Name: "AdamStep", M: 1, N: len(x)})
	t := float64(a.Updates)
	step, root := a.Eta/(1-math.Pow(a.Beta1, t)), math.Sqrt(1-math.Pow(a.Beta2, t))
	over[T](len(x), 1).adam(T(a.Decay), T(1-a.Shrink), T(1-a.Beta1), T(a.Beta2), T(1-a.Beta2), T(a.Eps), T(step), T(root), x, g, m, v)
}

func sameLength[T Float](x, g, m []T) {
	if len(x) != len(g) || len(x) != len(m) {
		panic(badShape)
	}
}

func (goKernels[T]) momentum(eta, decay, mu, ahead T, x, g, v []T) {
	for i := range x {
		d := g[i] + T(decay*x[i])
		v[i] = T(mu*v[i]) + d
		if ahead != 0 {
			d += T(mu * v[i])
		} else {
			d = v[i]
		}
		x[i] -= T(eta * d)
	}
}

func (goKernels[T]) adam(decay, keep, new1, beta2, new2, eps, step, root T, x, g, m, v []T) {
	for i := range x {
		d := g[i] + T(decay*x[i])
		m[i] += T(new1 * (d - m[i]))
		v[i] = T(beta2*v[i]) + T(T(new2*d)*d)
		by := T(T(math.Sqrt(float64(v[i])))/root) + eps
		x[i] = T(keep*x[i]) - T(T(step*m[i])/by)
	}
}
