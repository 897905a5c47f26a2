package blas

// product is c ← alpha·op(a)·op(b) + beta·c, of matrices whose shapes fit.
type product[T Float] struct {
	ta, tb      Transpose
	alpha, beta T
	a, b, c     Matrix[T]
}

// form is everything about a product that may determine how a library computes it.
type form struct {
	bits      int
	ta, tb    Transpose
	m, n, k   int
	one       bool // alpha is 1
	keep, add bool // beta is 1, or at least not 0
}

func (p *product[T]) form() form {
	_, k := shape(p.ta, p.a)
	return form{Bits[T](), p.ta, p.tb, p.c.Rows, p.c.Cols, k, p.alpha == 1, p.beta == 1, p.beta != 0}
}

func (f form) flops() float64 { return 2 * float64(f.m) * float64(f.n) * float64(f.k) }
