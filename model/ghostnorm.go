package model

import "bnlab/blas"

// ghostNorm is the part of a batchNorm that belongs to one net, which may normalise by groups
// (Hoffer et al. 2017, Summers and Dinneen 2020): each unit over size consecutive images of
// the mini-batch at a time, with mean and variance of its own. The mean over groups of mean
// and variance is what the running statistics move towards, once a step.
type ghostNorm[T blas.Float] struct {
	batchNorm[T]
	size int // images of a group; 0 for the whole mini-batch
	inv  []T // units×groups: 1/√(v+ε) of each group
}

// split gives every net a part of its own if one of them normalises by groups. γ and β must
// be bound.
func (bn *batchNorm[T]) split(spec Spec) {
	grouped := false
	for k := range bn.nets() {
		grouped = grouped || spec.each(k).Ghost > 0
	}
	if !grouped {
		return
	}
	for k := range bn.nets() {
		from, to := k*bn.width, (k+1)*bn.width
		g := ghostNorm[T]{size: spec.each(k).Ghost, batchNorm: batchNorm[T]{
			gain:  gain[T]{gamma: bn.gamma[from:to], beta: bn.beta[from:to]},
			units: bn.width, width: bn.width, eps: bn.eps,
			mu: bn.mu[from:to], v: bn.v[from:to], inv: bn.inv[from:to], sumG: bn.sumG[from:to], sumGHat: bn.sumGHat[from:to],
			sHat: bn.sHat[from*spec.MaxRows : to*spec.MaxRows],
		}}
		if g.size > 0 {
			g.inv = make([]T, bn.width*(spec.MaxRows/g.size))
		}
		bn.each = append(bn.each, g)
	}
}

// forwardEach is forwardBatch net by net.
func (bn *batchNorm[T]) forwardEach(s, scratch blas.Matrix[T], ones []T) {
	for k := range bn.each {
		from, to := k*bn.width, (k+1)*bn.width
		bn.each[k].forward(s.RowBlock(from, to), scratch.RowBlock(from, to), ones)
	}
}

// projectEach is project net by net.
func (bn *batchNorm[T]) projectEach(d, scratch blas.Matrix[T], ones []T) {
	for k := range bn.each {
		from, to := k*bn.width, (k+1)*bn.width
		bn.each[k].backward(d.RowBlock(from, to), scratch.RowBlock(from, to), ones)
	}
}

// forward turns s (units×n) into S̃ using the statistics of each group. A group in which a
// unit is the same for all images has an Ŝ of 0, as a batch has.
func (g *ghostNorm[T]) forward(s, scratch blas.Matrix[T], ones []T) {
	if g.size == 0 {
		g.forwardBatch(s, scratch, ones, false)
		return
	}
	if s.Cols%g.size != 0 {
		panic(badGroups)
	}
	groups := s.Cols / g.size
	for j := range s.Rows {
		sHat := g.row(j, s.Cols)
		g.mu[j], g.v[j] = 0, 0
		for i := range groups {
			from, to := i*g.size, (i+1)*g.size
			row, hat := s.Row(j)[from:to], sHat.Row(0)[from:to]
			mu, v := spread(row, hat)
			inv := invSqrt(v + g.eps)
			if isConstant(mu, v, sHat.ColBlock(from, to), 0) {
				v, inv = 0, 0
			}
			for x := range row {
				hat[x] *= inv
				row[x] = T(g.gamma[j]*hat[x]) + g.beta[j]
			}
			g.inv[j*groups+i] = inv
			g.mu[j] += mu / T(groups)
			g.v[j] += v / T(groups)
		}
	}
}

// backward turns d from G into ∂J/∂S, as that of a batch for each group, and leaves Σ G and
// Σ G⊙Ŝ over all of them.
func (g *ghostNorm[T]) backward(d, scratch blas.Matrix[T], ones []T) {
	if g.size == 0 {
		g.project(d, scratch, ones)
		return
	}
	groups, n := d.Cols/g.size, T(g.size)
	for j := range d.Rows {
		sHat := g.row(j, d.Cols)
		g.sumG[j], g.sumGHat[j] = 0, 0
		for i := range groups {
			from, to := i*g.size, (i+1)*g.size
			row, hat := d.Row(j)[from:to], sHat.Row(0)[from:to]
			sum, sumHat := T(0), T(0)
			for x, v := range row {
				sum += v
				sumHat += T(v * hat[x])
			}
			scale := g.gamma[j] * g.inv[j*groups+i]
			for x, v := range row {
				row[x] = scale * (v - sum/n - T(hat[x]*(sumHat/n)))
			}
			g.sumG[j] += sum
			g.sumGHat[j] += sumHat
		}
	}
}

// row returns the n numbers of Ŝ of unit j.
func (g *ghostNorm[T]) row(j, n int) blas.Matrix[T] { return blas.Of(1, n, g.sHat[j*n:(j+1)*n]) }

// spread returns the mean and the variance (divisor n) of some numbers, and leaves their
// deviations from the mean.
func spread[T blas.Float](numbers, deviations []T) (mu, v T) {
	n := T(len(numbers))
	for _, x := range numbers {
		mu += x
	}
	mu /= n
	for i, x := range numbers {
		deviations[i] = x - mu
		v += T(deviations[i] * deviations[i])
	}
	return mu, v / n
}

const badGroups = "model: a mini-batch that is no number of whole groups"
