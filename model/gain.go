package model

import (
	"math"

	"bnlab/blas"
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
