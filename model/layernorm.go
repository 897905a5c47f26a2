package model

import (
	"math"

	"bnlab/blas"
)

// layerNorm normalises the columns of S of each net, the units of one image (Ba et al. 2016):
//
//	Ŝ = (S−μ)/√(v+ε), S̃ = γ⊙Ŝ + β
//
// with the mean μ and variance v (divisor units) over the units of the image, in training and
// in evaluation alike. γ and β belong to a unit.
type layerNorm[T blas.Float] struct {
	gain[T]
	nets, width int // width is that of one net
	eps         T

	sHat          []T // (nets·width)×n: Ŝ
	inv           []T // nets×n: 1/√(v+ε)
	mu, v         []T // n: of one net at a time
	sumG, sumGHat []T // nets·width: Σ G and Σ G⊙Ŝ over the images
}

func newLayerNorm[T blas.Float](width int, spec Spec) *layerNorm[T] {
	units := spec.Nets * width
	return &layerNorm[T]{
		nets: spec.Nets, width: width, eps: T(spec.Eps),
		sHat: make([]T, units*spec.MaxRows), inv: make([]T, spec.Nets*spec.MaxRows),
		mu: make([]T, spec.MaxRows), v: make([]T, spec.MaxRows),
		sumG: make([]T, units), sumGHat: make([]T, units),
	}
}

// forward turns s (nets·width×n) into S̃.
func (ln *layerNorm[T]) forward(s blas.Matrix[T]) {
	n := s.Cols
	sHat := blas.Of(s.Rows, n, ln.sHat[:s.Rows*n])
	mu, v := ln.mu[:n], ln.v[:n]
	for k := range ln.nets {
		from, to := k*ln.width, (k+1)*ln.width
		inv := ln.inv[k*n : (k+1)*n]
		clear(mu)
		for j := from; j < to; j++ {
			for i, x := range s.Row(j) {
				mu[i] += x
			}
		}
		for i := range mu {
			mu[i] /= T(ln.width)
		}
		clear(v)
		for j := from; j < to; j++ {
			hat := sHat.Row(j)
			for i, x := range s.Row(j) {
				hat[i] = x - mu[i]
				v[i] += T(hat[i] * hat[i])
			}
		}
		for i := range v {
			v[i] /= T(ln.width)
			inv[i] = invSqrt(v[i] + ln.eps)
		}
		ln.zeroConstantImages(sHat.RowBlock(from, to), inv)
		for j := from; j < to; j++ {
			row, hat, gamma, beta := s.Row(j), sHat.Row(j), ln.gamma[j], ln.beta[j]
			for i := range row {
				hat[i] *= inv[i]
				row[i] = T(gamma*hat[i]) + beta
			}
		}
	}
}

// zeroConstantImages sets Ŝ to 0 for an image of which all units are the same, and lets no
// gradient through, by an inv of 0, as zeroConstantUnits of batchNorm does and for its
// reasons. sHat (width×n, of one net) holds the deviations from the mean.
func (ln *layerNorm[T]) zeroConstantImages(sHat blas.Matrix[T], inv []T) {
	for i, mu := range ln.mu[:len(inv)] {
		rounding := roundoff[T]() * T(math.Abs(float64(mu)))
		if level := T(ln.width) * rounding; ln.v[i] > level*level {
			continue // the usual case, at the cost of one comparison
		}
		least, most := sHat.At(0, i), sHat.At(0, i)
		for j := range sHat.Rows {
			least, most = min(least, sHat.At(j, i)), max(most, sHat.At(j, i))
		}
		if most-least <= 4*rounding {
			inv[i] = 0
		}
	}
}

// backward turns d from G = ∂J/∂S̃ into
//
//	∂J/∂S = (γ⊙G − mean(γ⊙G) − Ŝ⊙mean(γ⊙G⊙Ŝ))/√(v+ε)
//
// with means over the units of an image, and writes ∂J/∂γ = Σ G⊙Ŝ and ∂J/∂β = Σ G, sums over
// images, as u says. It uses what the last forward left.
func (ln *layerNorm[T]) backward(d blas.Matrix[T], u *update[T]) {
	n := d.Cols
	sHat := blas.Of(d.Rows, n, ln.sHat[:d.Rows*n])
	mean, meanHat := ln.mu[:n], ln.v[:n] // free between two steps
	for k := range ln.nets {
		from, to := k*ln.width, (k+1)*ln.width
		inv := ln.inv[k*n : (k+1)*n]
		clear(mean)
		clear(meanHat)
		for j := from; j < to; j++ {
			gamma, sumG, sumGHat := ln.gamma[j], T(0), T(0)
			row, hat := d.Row(j), sHat.Row(j)
			for i, g := range row {
				sumG += g
				sumGHat += T(g * hat[i])
				row[i] = gamma * g
				mean[i] += row[i]
				meanHat[i] += T(row[i] * hat[i])
			}
			ln.sumG[j], ln.sumGHat[j] = sumG, sumGHat
		}
		for i := range mean {
			mean[i] /= T(ln.width)
			meanHat[i] /= T(ln.width)
		}
		for j := from; j < to; j++ {
			row, hat := d.Row(j), sHat.Row(j)
			for i, g := range row {
				row[i] = inv[i] * (g - mean[i] - T(hat[i]*meanHat[i]))
			}
		}
	}
	ln.update(ln.sumGHat, ln.sumG, ln.width, u)
}
