package blas

import (
	"gonum.org/v1/gonum/blas/blas32"
	"gonum.org/v1/gonum/blas/blas64"
)

// routines are the BLAS routines in use, in one precision.
type routines[T Float] interface {
	gemm(ta, tb Transpose, alpha T, a, b Matrix[T], beta T, c Matrix[T])
	gemmHalf(ta, tb Transpose, a, b Matrix[Half], beta T, c Matrix[T]) bool // false if nothing here can
	gemv(ta Transpose, alpha T, a Matrix[T], x []T, beta T, y []T)
	scal(alpha T, x []T)
	dot(x, y []T) T
	axpy(x, y []T)
	kernels[T]
}

// kernels are the passes between the products, in one precision.
type kernels[T Float] interface {
	gather(x Matrix[T], pixels []byte, index []int32, scale, shift []T)
	gatherHalf(x Matrix[Half], pixels []byte, index []int32, scale, shift []T)
	affine(a, b []T, s Matrix[T])
	center(s Matrix[T], mu []T, c, q Matrix[T])
	normalize(inv, gamma, beta []T, h, s Matrix[T])
	relu(x Matrix[T])
	reluMask(x, g Matrix[T])
	multiply(g, h, q Matrix[T])
	multiplyBy(h, g Matrix[T])
	activate(f int, s, slope Matrix[T])
	round(alpha T, x Matrix[T], h Matrix[Half])
	widen(h Matrix[Half], x Matrix[T])
	dropout(low, high, least uint32, scale T, s Matrix[T])
	momentum(eta, decay, mu, ahead T, x, g, v []T)
	adam(decay, keep, new1, beta2, new2, eps, step, root T, x, g, m, v []T)
	project(a, u, v []T, h, g Matrix[T])
	colMax(s Matrix[T], top []T)
	exps(top []T, s Matrix[T], sum []T)
}

type (
	single struct{ kernels32 }
	double struct{ kernels64 }
)

// of returns the routines for T. It is the project's one switch between
// float32 and float64; both types are empty, so no call allocates.
func of[T Float]() routines[T] {
	var r any = double{}
	if Bits[T]() == 32 {
		r = single{}
	}
	return r.(routines[T])
}

func (single) gemm(ta, tb Transpose, alpha float32, a, b Matrix[float32], beta float32, c Matrix[float32]) {
	if engine != nil && engine.gemm(&product[float32]{ta, tb, alpha, beta, full(a), full(b), c}) {
		return
	}
	blas32.Gemm(ta, tb, alpha, General32(a), General32(b), beta, General32(c))
}

func (single) gemmHalf(ta, tb Transpose, a, b Matrix[Half], beta float32, c Matrix[float32]) bool {
	return engine != nil && engine.gemmHalf(&product[float32]{ta, tb, 1, beta, rounded[float32](a), rounded[float32](b), c})
}

func (single) gemv(ta Transpose, alpha float32, a Matrix[float32], x []float32, beta float32, y []float32) {
	blas32.Gemv(ta, alpha, General32(a), vec32(x), beta, vec32(y))
}

func (single) scal(alpha float32, x []float32) { blas32.Scal(alpha, vec32(x)) }
func (single) dot(x, y []float32) float32      { return blas32.Dot(vec32(x), vec32(y)) }
func (single) axpy(x, y []float32)             { blas32.Axpy(1, vec32(x), vec32(y)) }

func (double) gemm(ta, tb Transpose, alpha float64, a, b Matrix[float64], beta float64, c Matrix[float64]) {
	blas64.Gemm(ta, tb, alpha, General64(a), General64(b), beta, General64(c))
}

func (double) gemmHalf(Transpose, Transpose, Matrix[Half], Matrix[Half], float64, Matrix[float64]) bool {
	return false
}

func (double) gemv(ta Transpose, alpha float64, a Matrix[float64], x []float64, beta float64, y []float64) {
	blas64.Gemv(ta, alpha, General64(a), vec64(x), beta, vec64(y))
}

func (double) scal(alpha float64, x []float64) { blas64.Scal(alpha, vec64(x)) }
func (double) dot(x, y []float64) float64      { return blas64.Dot(vec64(x), vec64(y)) }
func (double) axpy(x, y []float64)             { blas64.Axpy(1, vec64(x), vec64(y)) }

func vec32(x []float32) blas32.Vector { return blas32.Vector{N: len(x), Inc: 1, Data: x} }
func vec64(x []float64) blas64.Vector { return blas64.Vector{N: len(x), Inc: 1, Data: x} }
