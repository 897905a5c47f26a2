package blas

// product is c ← alpha·op(a)·op(b) + beta·c, of matrices whose shapes fit.
type product[T Float] struct {
	ta, tb      Transpose
	alpha, beta T
	a, b        operand[T]
	c           Matrix[T]
}

// operand is a matrix that is multiplied: of numbers in T, or of rounded ones. In a product
// both are of one kind.
type operand[T Float] struct {
	full Matrix[T]
	half Matrix[Half]
	is   bool // half
}

func full[T Float](m Matrix[T]) operand[T]       { return operand[T]{full: m} }
func rounded[T Float](m Matrix[Half]) operand[T] { return operand[T]{half: m, is: true} }

func (o operand[T]) shape(t Transpose) (rows, cols int) {
	if o.is {
		return shape(t, o.half)
	}
	return shape(t, o.full)
}

// block returns rows or columns, from one up to but excluding another.
func (o operand[T]) block(rows bool, from, to int) operand[T] {
	if o.is {
		return rounded[T](block(o.half, rows, from, to))
	}
	return full(block(o.full, rows, from, to))
}

// form is everything about a product that may determine how a library computes it.
type form struct {
	bits      int
	half      bool // the operands are rounded
	lda, ldb  int  // and their rows so far apart, which the others' may be as they like
	ta, tb    Transpose
	m, n, k   int
	one       bool // alpha is 1
	keep, add bool // beta is 1, or at least not 0
}

func (p *product[T]) form() form {
	_, k := p.a.shape(p.ta)
	return form{Bits[T](), p.a.is, p.a.half.Stride, p.b.half.Stride, p.ta, p.tb, p.c.Rows, p.c.Cols, k, p.alpha == 1, p.beta == 1, p.beta != 0}
}

func (f form) flops() float64 { return 2 * float64(f.m) * float64(f.n) * float64(f.k) }

// tight returns f with the rows of rounded operands contiguous.
func (f form) tight() form {
	if f.half {
		f.lda, f.ldb = f.k, f.n
		if f.ta == Trans {
			f.lda = f.m
		}
		if f.tb == Trans {
			f.ldb = f.k
		}
	}
	return f
}

// worthEngine is the smallest product, in operations, that an engine computes; tests want
// all.
var worthEngine = float64(1 << 20)
