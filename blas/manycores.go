package blas

// manyCores are passes on several cores, each with some of the rows. Rows do not depend on one
// another, so the bits are those of one core.
type manyCores[T Float] struct {
	kernels[T]
	cores int
}

// worthSpreading is for how many numbers waking another core pays off.
const worthSpreading = 100_000

// over returns the passes over a matrix of so many rows and columns: on as many cores as
// allowed, if each has enough numbers.
func over[T Float](rows, cols int) kernels[T] {
	allowed := int(threads.Load())
	if allowed == 1 || rows*cols < 2*worthSpreading {
		return of[T]()
	}
	return manyCores[T]{of[T](), min(allowed, rows, rows*cols/worthSpreading)}
}

func (s manyCores[T]) gather(x Matrix[T], pixels []byte, index []int32, scale, shift []T) {
	inParts(s.cores, x.Rows, func(i, j int) { s.kernels.gather(x.RowBlock(i, j), pixels, index[i:j], scale, shift) })
}

func (s manyCores[T]) gatherHalf(x Matrix[Half], pixels []byte, index []int32, scale, shift []T) {
	inParts(s.cores, x.Rows, func(i, j int) { s.kernels.gatherHalf(x.RowBlock(i, j), pixels, index[i:j], scale, shift) })
}

func (s manyCores[T]) affine(a, b []T, m Matrix[T]) {
	inParts(s.cores, m.Rows, func(i, j int) { s.kernels.affine(a[i:j], b[i:j], m.RowBlock(i, j)) })
}

func (s manyCores[T]) center(m Matrix[T], mu []T, c, q Matrix[T]) {
	inParts(s.cores, m.Rows, func(i, j int) { s.kernels.center(m.RowBlock(i, j), mu[i:j], c.RowBlock(i, j), q.RowBlock(i, j)) })
}

func (s manyCores[T]) normalize(inv, gamma, beta []T, h, m Matrix[T]) {
	inParts(s.cores, m.Rows, func(i, j int) {
		s.kernels.normalize(inv[i:j], gamma[i:j], beta[i:j], h.RowBlock(i, j), m.RowBlock(i, j))
	})
}

func (s manyCores[T]) relu(x Matrix[T]) {
	inParts(s.cores, x.Rows, func(i, j int) { s.kernels.relu(x.RowBlock(i, j)) })
}

func (s manyCores[T]) reluMask(x, g Matrix[T]) {
	inParts(s.cores, x.Rows, func(i, j int) { s.kernels.reluMask(x.RowBlock(i, j), g.RowBlock(i, j)) })
}

func (s manyCores[T]) multiply(g, h, q Matrix[T]) {
	inParts(s.cores, g.Rows, func(i, j int) { s.kernels.multiply(g.RowBlock(i, j), h.RowBlock(i, j), q.RowBlock(i, j)) })
}

func (s manyCores[T]) multiplyBy(h, g Matrix[T]) {
	inParts(s.cores, g.Rows, func(i, j int) { s.kernels.multiplyBy(h.RowBlock(i, j), g.RowBlock(i, j)) })
}

func (s manyCores[T]) activate(f int, m, slope Matrix[T]) {
	inParts(s.cores, m.Rows, func(i, j int) { s.kernels.activate(f, m.RowBlock(i, j), slope.RowBlock(i, j)) })
}

func (s manyCores[T]) round(alpha T, x Matrix[T], h Matrix[Half]) {
	inParts(s.cores, x.Rows, func(i, j int) { s.kernels.round(alpha, x.RowBlock(i, j), h.RowBlock(i, j)) })
}

func (s manyCores[T]) project(a, u, v []T, h, g Matrix[T]) {
	inParts(s.cores, g.Rows, func(i, j int) {
		s.kernels.project(a[i:j], u[i:j], v[i:j], h.RowBlock(i, j), g.RowBlock(i, j))
	})
}

// momentum and adam have a row for each number.

func (s manyCores[T]) momentum(eta, decay, mu, ahead T, x, g, v []T) {
	inParts(s.cores, len(x), func(i, j int) { s.kernels.momentum(eta, decay, mu, ahead, x[i:j], g[i:j], v[i:j]) })
}

func (s manyCores[T]) adam(decay, keep, new1, beta2, new2, eps, step, root T, x, g, m, v []T) {
	inParts(s.cores, len(x), func(i, j int) {
		s.kernels.adam(decay, keep, new1, beta2, new2, eps, step, root, x[i:j], g[i:j], m[i:j], v[i:j])
	})
}

// inParts calls do for parts of so many rows, one per core.
func inParts(parts, rows int, do func(from, to int)) {
	together(parts, func(i int) { do(i*rows/parts, (i+1)*rows/parts) })
}
