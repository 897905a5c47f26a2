package blas

import "gonum.org/v1/gonum/blas"

// Transpose tells whether a product takes a matrix as it is or transposed.
type Transpose = blas.Transpose

// The two values of Transpose in use.
const (
	NoTrans = blas.NoTrans
	Trans   = blas.Trans
)

// Gemm computes c ← alpha·op(a)·op(b) + beta·c, where op is the identity or
// the transpose. With op(a) m×k and op(b) k×n, c is m×n. With beta = 0 the old
// content of c does not matter, NaN included. c must not overlap a or b.
func Gemm[T Float](ta, tb Transpose, alpha T, a, b Matrix[T], beta T, c Matrix[T]) {
	m, k := a.Rows, a.Cols
	if ta == Trans {
		m, k = k, m
	}
	k2, n := b.Rows, b.Cols
	if tb == Trans {
		k2, n = n, k2
	}
	if k != k2 || c.Rows != m || c.Cols != n {
		panic(badShape)
	}
	if m == 0 || n == 0 {
		return
	}
	of[T]().gemm(ta, tb, alpha, a, b, beta, c)
}

// Gemv computes y ← alpha·op(a)·x + beta·y, where op(a) is m×n, x has n
// elements and y has m. With beta = 0 the old content of y does not matter.
func Gemv[T Float](ta Transpose, alpha T, a Matrix[T], x []T, beta T, y []T) {
	m, n := a.Rows, a.Cols
	if ta == Trans {
		m, n = n, m
	}
	if len(x) != n || len(y) != m {
		panic(badShape)
	}
	if m == 0 {
		return
	}
	of[T]().gemv(ta, alpha, a, x, beta, y)
}

// Axpy computes y ← alpha·x + y; x and y have the same length.
func Axpy[T Float](alpha T, x, y []T) {
	if len(x) != len(y) {
		panic(badShape)
	}
	of[T]().axpy(alpha, x, y)
}

// Scal computes x ← alpha·x. A NaN in x stays also with alpha = 0.
func Scal[T Float](alpha T, x []T) {
	of[T]().scal(alpha, x)
}

// Dot returns Σ x[i]·y[i]; x and y have the same length.
func Dot[T Float](x, y []T) T {
	if len(x) != len(y) {
		panic(badShape)
	}
	return of[T]().dot(x, y)
}
