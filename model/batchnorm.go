package model

import (
	"math"

	"bnlab/blas"
)

// batchNorm normalises the columns of S (Ioffe and Szegedy 2015):
//
//	Ŝ = (S−μ)/√(v+ε), S̃ = γ⊙Ŝ + β
//
// with the mean μ and the variance v (divisor n) of the batch in training, and
// the running ones in evaluation. A unit is a column; units counts those of all
// nets that normalise, side by side.
type batchNorm[T blas.Float] struct {
	units      int // of all nets together
	width      int // of one net
	eps, alpha T

	gamma, dgamma []T // units
	beta, dbeta   []T // units

	runMean, runVar []T   // units: running statistics
	tracked         int64 // batches they have seen

	mu, v, inv    []T            // units: of the last batch; inv is 1/√(v+ε)
	hat           blas.Matrix[T] // n×units: Ŝ
	sumG, sumGHat []T            // units: Σ G and Σ G⊙Ŝ over the batch
}

func newBatchNorm[T blas.Float](nets, width int, spec Spec) *batchNorm[T] {
	units := nets * width
	v := make([]T, 7*units)
	cut := func() (s []T) { s, v = v[:units:units], v[units:]; return s }
	return &batchNorm[T]{
		units: units, width: width, eps: T(spec.Eps), alpha: T(spec.Alpha),
		runMean: cut(), runVar: cut(), mu: cut(), v: cut(), inv: cut(), sumG: cut(), sumGHat: cut(),
		hat: blas.New[T](spec.MaxRows, units),
	}
}

// forwardBatch turns s (n×units) into S̃ by the statistics of the batch itself.
// scratch (n×units) is overwritten; ones holds n ones.
func (bn *batchNorm[T]) forwardBatch(s, scratch blas.Matrix[T], ones []T) {
	n := T(s.Rows)
	hat := bn.hat.RowBlock(0, s.Rows)
	blas.Gemv(blas.Trans, 1/n, s, ones, 0, bn.mu)
	for i := range s.Rows {
		row, h, q := s.Row(i), hat.Row(i), scratch.Row(i)
		for j, mu := range bn.mu {
			c := row[j] - mu
			h[j] = c
			q[j] = c * c
		}
	}
	blas.Gemv(blas.Trans, 1/n, scratch, ones, 0, bn.v)
	for j, v := range bn.v {
		bn.inv[j] = invSqrt(v + bn.eps)
	}
	for i := range s.Rows {
		row, h := s.Row(i), hat.Row(i)
		for j, inv := range bn.inv {
			h[j] *= inv
			row[j] = bn.gamma[j]*h[j] + bn.beta[j]
		}
	}
}

// track moves the running statistics towards those of the last batch:
// m ← α·m + (1−α)·batch; the first batch sets them.
func (bn *batchNorm[T]) track() {
	alpha := bn.alpha
	if bn.tracked == 0 {
		alpha = 0
	}
	bn.tracked++
	for j := range bn.mu {
		bn.runMean[j] = alpha*bn.runMean[j] + (1-alpha)*bn.mu[j]
		bn.runVar[j] = alpha*bn.runVar[j] + (1-alpha)*bn.v[j]
	}
}

// forwardRunning turns s (n×units) into S̃ by the running statistics.
func (bn *batchNorm[T]) forwardRunning(s blas.Matrix[T]) {
	for i := range s.Rows {
		row := s.Row(i)
		for j := range row {
			row[j] = bn.gamma[j]*((row[j]-bn.runMean[j])*invSqrt(bn.runVar[j]+bn.eps)) + bn.beta[j]
		}
	}
}

// backward turns d from G = ∂J/∂S̃ into
//
//	∂J/∂S = γ/√(v+ε) ⊙ (G − mean(G) − Ŝ⊙mean(G⊙Ŝ))
//
// and sends ∂J/∂γ = Σ G⊙Ŝ and ∂J/∂β = Σ G to where u says. It uses what the
// last forwardBatch left; scratch (n×units) is overwritten.
func (bn *batchNorm[T]) backward(d, scratch blas.Matrix[T], ones []T, u *update[T]) {
	hat := bn.hat.RowBlock(0, d.Rows)
	for i := range d.Rows {
		g, h, q := d.Row(i), hat.Row(i), scratch.Row(i)
		for j := range g {
			q[j] = g[j] * h[j]
		}
	}
	blas.Gemv(blas.Trans, 1, d, ones, 0, bn.sumG)
	blas.Gemv(blas.Trans, 1, scratch, ones, 0, bn.sumGHat)

	n := T(d.Rows)
	for i := range d.Rows {
		g, h := d.Row(i), hat.Row(i)
		for j := range g {
			g[j] = bn.gamma[j] * bn.inv[j] * (g[j] - bn.sumG[j]/n - h[j]*bn.sumGHat[j]/n)
		}
	}
	gamma, beta := bn.dgamma, bn.dbeta
	if u.inPlace {
		gamma, beta = bn.gamma, bn.beta
	}
	u.vector(gamma, bn.sumGHat, bn.width)
	u.vector(beta, bn.sumG, bn.width)
}

func invSqrt[T blas.Float](v T) T { return T(1 / math.Sqrt(float64(v))) }
