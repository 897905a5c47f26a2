package blas

// Gemm computes c ← alpha·op(a)·op(b) + beta·c, where op is the identity or
// the transpose. With op(a) m×k and op(b) k×n, c is m×n. With beta = 0 the old
// content of c does not matter, NaN included. c must not overlap a or b.
func Gemm[T Float](ta, tb Transpose, alpha T, a, b Matrix[T], beta T, c Matrix[T]) {
	p := product[T]{ta, tb, alpha, beta, full(a), full(b), c}
	p.compute()
}

// check panics unless the shapes fit, and returns them: a m×k, b k×n.
func (p *product[T]) check() (m, n, k int) {
	m, k = p.a.shape(p.ta)
	k2, n := p.b.shape(p.tb)
	if k != k2 || p.c.Rows != m || p.c.Cols != n {
		panic(badShape)
	}
	return m, n, k
}

// compute computes p, whatever its sizes.
func (p *product[T]) compute() {
	m, n, k := p.check()
	if m == 0 || n == 0 {
		return
	}
	if k == 0 { // libraries differ on empty sums
		for i := range m {
			Scal(p.beta, p.c.Row(i))
		}
		return
	}
	note(Call{Name: "Gemm", TA: p.ta, TB: p.tb, M: m, N: n, K: k, Half: p.a.is})
	p.spread()
}

// worthCutting is the smallest part, in operations, for which waking another core pays
// off.
const worthCutting = 2e6

// spread computes p on as many cores as allowed.
func (p *product[T]) spread() {
	n := int(threads.Load())
	if n == 1 {
		p.run()
		return
	}
	f := p.form()
	if f.flops() < float64(n)*worthCutting {
		p.run()
		return
	}
	p.runParts(partitionOf[T](f, n))
}

// GemmBlocks computes c ← a·op(b) + beta·c, where a and c consist of the given number
// of blocks of rows of equal height, such as networks side by side. If it returns true,
// each block has the bits that Gemm gives it alone; else they also depend on the other
// blocks. It computes one product for all blocks if that keeps the bits, else one per
// block for as many columns as necessary.
func GemmBlocks[T Float](blocks int, tb Transpose, a, b Matrix[T], beta T, c Matrix[T]) (alone bool) {
	p := product[T]{NoTrans, tb, 1, beta, full(a), full(b), c}
	return p.computeBlocks(blocks)
}

// computeBlocks computes p, whose rows are so many blocks, for GemmBlocks.
func (p *product[T]) computeBlocks(blocks int) (alone bool) {
	rows, k := p.a.shape(NoTrans)
	if blocks < 1 || rows%blocks != 0 {
		panic(badShape)
	}
	if rows == 0 || k == 0 || empty(p.c) {
		p.compute()
		return true
	}
	w := wayOf[T](p.form(), blocks)
	for i := range blocks + 1 {
		piece := p.piece(blocks, w.together, i)
		piece.compute()
	}
	return w.alone
}

// BlocksAlone returns what GemmBlocks would for beta = 0, or 1 if add is set, with c of
// size m×n and a of size m×k; with half what GemmBlocksHalf would, rows being contiguous.
func BlocksAlone[T Float](blocks int, half bool, tb Transpose, m, n, k int, add bool) bool {
	return wayOf[T](form{bits: Bits[T](), half: half, ta: NoTrans, tb: tb, m: m, n: n, k: k, one: true, keep: add, add: add}.tight(), blocks).alone
}

// Gemv computes y ← alpha·op(a)·x + beta·y, where op(a) is m×n, x has n
// elements and y has m. With beta = 0 the old content of y does not matter.
// y must not overlap a or x.
func Gemv[T Float](ta Transpose, alpha T, a Matrix[T], x []T, beta T, y []T) {
	m, n := shape(ta, a)
	if len(x) != n || len(y) != m {
		panic(badShape)
	}
	if m == 0 {
		return
	}
	if n == 0 { // BLAS would leave y unchanged
		Scal(beta, y)
		return
	}
	note(Call{Name: "Gemv", TA: ta, TB: NoTrans, M: m, N: 1, K: n})
	data, buffer := aligned(a.Data)
	a.Data = data
	of[T]().gemv(ta, alpha, a, x, beta, y)
	release(buffer)
}

// Scal computes x ← alpha·x. With alpha = 0 the old content of x does not matter, as
// with beta in Gemm: a NaN becomes 0 on every backend, although the libraries, and
// even versions of one library, differ in this.
func Scal[T Float](alpha T, x []T) {
	if alpha == 0 {
		clear(x)
		return
	}
	note(Call{Name: "Scal", M: 1, N: len(x)})
	of[T]().scal(alpha, x)
}

// Dot returns Σ x[i]·y[i]; x and y have the same length.
func Dot[T Float](x, y []T) T {
	if len(x) != len(y) {
		panic(badShape)
	}
	note(Call{Name: "Dot", M: 1, N: 1, K: len(x)})
	x, bufferX := aligned(x)
	y, bufferY := aligned(y)
	defer release(bufferX)
	defer release(bufferY)
	return of[T]().dot(x, y)
}
