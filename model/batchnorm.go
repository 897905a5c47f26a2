package model

import (
	"math"
	"slices"

	"bnlab/blas"
)

// batchNorm normalises the rows of S, each a unit over the images of a batch (Ioffe and Szegedy 2015):
//
//	Ŝ = (S−μ)/√(v+ε), S̃ = γ⊙Ŝ + β
//
// with the mean μ and variance v (divisor n) of the batch in training, and the running
// statistics in evaluation. units counts the units of all nets that normalise, side by
// side.
type batchNorm[T blas.Float] struct {
	gain[T]
	units      int // of all nets together
	width      int // of one net
	eps, alpha T

	runMean, runVar []T   // units: running statistics
	tracked         int64 // batches they have seen
	known           bool  // a Population has put its own in their place

	mu, v, inv    []T // units: statistics of the last batch; inv is 1/√(v+ε)
	sHat          []T // units×n: Ŝ
	sumG, sumGHat []T // units: Σ G and Σ G⊙Ŝ over the batch

	each []ghostNorm[T] // of each net, if one of them normalises by groups; else nil
}

func newBatchNorm[T blas.Float](nets, width int, spec Spec) *batchNorm[T] {
	units := nets * width
	v := make([]T, 7*units)
	take := func() (s []T) { s, v = v[:units:units], v[units:]; return s }
	return &batchNorm[T]{
		units: units, width: width, eps: T(spec.Eps), alpha: T(spec.Alpha),
		runMean: take(), runVar: take(), mu: take(), v: take(), inv: take(), sumG: take(), sumGHat: take(),
		sHat: make([]T, units*spec.MaxRows),
	}
}

// nets returns the number of nets that normalise.
func (bn *batchNorm[T]) nets() int { return bn.units / bn.width }

// forwardBatch turns s (units×n) into S̃ using the statistics of the batch, or if groups is
// set of each net's groups. scratch (units×n) is overwritten; ones holds n ones.
func (bn *batchNorm[T]) forwardBatch(s, scratch blas.Matrix[T], ones []T, groups bool) {
	if groups && bn.each != nil {
		bn.forwardEach(s, scratch, ones)
		return
	}
	n := T(s.Cols)
	sHat := blas.Of(bn.units, s.Cols, bn.sHat[:bn.units*s.Cols])
	sumRows(bn.nets(), 1/n, s, ones, bn.mu)
	blas.Center(s, bn.mu, sHat, scratch)
	sumRows(bn.nets(), 1/n, scratch, ones, bn.v)
	for j, v := range bn.v {
		bn.inv[j] = invSqrt(v + bn.eps)
	}
	bn.zeroConstantUnits(sHat)
	blas.Normalize(bn.inv, bn.gamma, bn.beta, sHat, s)
}

// zeroConstantUnits sets Ŝ to 0 for a unit that is the same for all images, and lets no
// gradient through, by an inv of 0: there is nothing to normalise. The formula would
// leave the rounding error of μ, times 1/√ε, 7e7. sHat (units×n) holds the deviations
// from the mean.
func (bn *batchNorm[T]) zeroConstantUnits(sHat blas.Matrix[T]) {
	for j, mu := range bn.mu {
		if isConstant(mu, bn.v[j], sHat, j) {
			bn.v[j], bn.inv[j] = 0, 0
		}
	}
}

// isConstant reports whether the numbers with the mean mu and the variance v, of which row j
// of deviations holds the distances from the mean, differ by no more than their rounding.
func isConstant[T blas.Float](mu, v T, deviations blas.Matrix[T], j int) bool {
	rounding := roundoff[T]() * T(math.Abs(float64(mu)))
	if level := T(deviations.Cols) * rounding; v > level*level {
		return false // the usual case, at the cost of one comparison
	}
	d := deviations.Row(j)
	return slices.Max(d)-slices.Min(d) <= 4*rounding
}

// updateRunning moves the running statistics towards those of the last batch:
// m ← α·m + (1−α)·batch; the first batch sets them.
func (bn *batchNorm[T]) updateRunning() {
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

// forwardRunning turns s (units×n) into S̃ using the running statistics. With ε = 0 a
// unit that has never varied becomes β, as in zeroConstantUnits.
func (bn *batchNorm[T]) forwardRunning(s blas.Matrix[T]) {
	scale, shift := bn.sumGHat, bn.sumG // free between two steps
	for j := range scale {
		scale[j] = 0
		if v := bn.runVar[j] + bn.eps; v != 0 {
			scale[j] = bn.gamma[j] * invSqrt(v)
		}
		shift[j] = bn.beta[j] - scale[j]*bn.runMean[j]
	}
	blas.Affine(scale, shift, s)
}

// backward turns d from G = ∂J/∂S̃ into
//
//	∂J/∂S = γ/√(v+ε) ⊙ (G − mean(G) − Ŝ⊙mean(G⊙Ŝ))
//
// and writes ∂J/∂γ = Σ G⊙Ŝ and ∂J/∂β = Σ G as u says. It uses the values left by the
// last forwardBatch, and overwrites its vectors and scratch (units×n).
func (bn *batchNorm[T]) backward(d, scratch blas.Matrix[T], ones []T, u *update[T]) {
	if bn.each != nil {
		bn.projectEach(d, scratch, ones)
	} else {
		bn.project(d, scratch, ones)
	}
	bn.update(bn.sumGHat, bn.sumG, bn.width, u)
}

// project does so for d, and leaves Σ G and Σ G⊙Ŝ.
func (bn *batchNorm[T]) project(d, scratch blas.Matrix[T], ones []T) {
	sHat := blas.Of(bn.units, d.Cols, bn.sHat[:bn.units*d.Cols])
	blas.Multiply(d, sHat, scratch)
	sumRows(bn.nets(), 1, d, ones, bn.sumG)
	sumRows(bn.nets(), 1, scratch, ones, bn.sumGHat)

	n := T(d.Cols)
	for j, g := range bn.gamma {
		bn.inv[j] *= g
		bn.mu[j] = bn.sumG[j] / n
		bn.v[j] = bn.sumGHat[j] / n
	}
	blas.Project(bn.inv, bn.mu, bn.v, sHat, d)
}
