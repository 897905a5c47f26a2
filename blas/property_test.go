package blas

import (
	"testing"

	"pgregory.net/rapid"
)

// Laws of the products on matrices of random shapes, on every backend and in
// both precisions.
func TestLaws(t *testing.T) { inBoth(t, laws[float32], laws[float64]) }

func laws[T Float](t *testing.T) {
	t.Run("transpose", rapid.MakeCheck(lawTranspose[T]))
	t.Run("linear", rapid.MakeCheck(lawLinear[T]))
	t.Run("gemv", rapid.MakeCheck(lawGemv[T]))
	t.Run("networks", rapid.MakeCheck(lawNetworks[T]))
	t.Run("sum over blocks", rapid.MakeCheck(lawSum[T]))
}

var (
	sizes = rapid.IntRange(1, 40)
	pads  = rapid.IntRange(0, 4)
	seeds = rapid.Uint64()
)

func drawMatrix[T Float](t *rapid.T, rows, cols int, label string) Matrix[T] {
	return newFramed[T](rows, cols, pads.Draw(t, label+" pad"), seeds.Draw(t, label+" seed")).Matrix
}

func drawTranspose(t *rapid.T, label string) Transpose {
	return rapid.SampledFrom(transposes).Draw(t, label)
}

// drawOp returns a matrix whose op is rows×cols.
func drawOp[T Float](t *rapid.T, op Transpose, rows, cols int, label string) Matrix[T] {
	if op == Trans {
		rows, cols = cols, rows
	}
	return drawMatrix[T](t, rows, cols, label)
}

func flip(t Transpose) Transpose {
	if t == Trans {
		return NoTrans
	}
	return Trans
}

// equal fails unless x and y are the same within the rounding of sums of k
// products of numbers below 1, computed twice.
func equal[T Float](t *rapid.T, x, y Matrix[T], k int) {
	bound := T(2*(k+4)) * T(k) * 0x1p-52
	if Bits[T]() == 32 {
		bound = T(2*(k+4)) * T(k) * 0x1p-23
	}
	for i := range x.Rows {
		for j := range x.Cols {
			if d := x.At(i, j) - y.At(i, j); !(-bound <= d && d <= bound) {
				t.Fatalf("(%d,%d): %v and %v", i, j, x.At(i, j), y.At(i, j))
			}
		}
	}
}

// (A·B)ᵀ = Bᵀ·Aᵀ
func lawTranspose[T Float](t *rapid.T) {
	m, n, k := sizes.Draw(t, "m"), sizes.Draw(t, "n"), sizes.Draw(t, "k")
	ta, tb := drawTranspose(t, "ta"), drawTranspose(t, "tb")
	a, b := drawOp[T](t, ta, m, k, "a"), drawOp[T](t, tb, k, n, "b")
	ab, ba := New[T](m, n), New[T](n, m)
	Gemm(ta, tb, 1, a, b, 0, ab)
	Gemm(flip(tb), flip(ta), 1, b, a, 0, ba)
	bat := New[T](m, n)
	for i := range m {
		for j := range n {
			bat.Set(i, j, ba.At(j, i))
		}
	}
	equal(t, ab, bat, k)
}

// ½·AB + (¼·AB + C) = ¾·AB + C, the second product added to the first.
func lawLinear[T Float](t *rapid.T) {
	m, n, k := sizes.Draw(t, "m"), sizes.Draw(t, "n"), sizes.Draw(t, "k")
	ta, tb := drawTranspose(t, "ta"), drawTranspose(t, "tb")
	a, b := drawOp[T](t, ta, m, k, "a"), drawOp[T](t, tb, k, n, "b")
	seed := seeds.Draw(t, "c seed")
	twice, once := newFramed[T](m, n, 2, seed), newFramed[T](m, n, 0, seed)
	Gemm(ta, tb, 0.25, a, b, 1, twice.Matrix)
	Gemm(ta, tb, 0.5, a, b, 1, twice.Matrix)
	Gemm(ta, tb, 0.75, a, b, 1, once.Matrix)
	equal(t, twice.Matrix, once.Matrix, k+1)
}

// Gemv is Gemm with a matrix of one column.
func lawGemv[T Float](t *rapid.T) {
	m, k := sizes.Draw(t, "m"), sizes.Draw(t, "k")
	ta := drawTranspose(t, "ta")
	a := drawOp[T](t, ta, m, k, "a")
	x, y, z := New[T](k, 1), New[T](m, 1), New[T](m, 1)
	fillRandom(x.Data, seeds.Draw(t, "x seed"))
	Gemv(ta, 1, a, x.Data, 0, y.Data)
	Gemm(ta, NoTrans, 1, a, x, 0, z)
	equal(t, y, z, k)
}

// Several networks side by side: one product with all their weights gives what
// one product for each gives, with the weights stacked as rows (out×in) and as
// columns (in×out).
func lawNetworks[T Float](t *rapid.T) {
	nets := rapid.IntRange(1, 5).Draw(t, "networks")
	n, in, out := sizes.Draw(t, "n"), sizes.Draw(t, "in"), rapid.IntRange(1, 12).Draw(t, "out")
	x := drawMatrix[T](t, n, in, "x")
	rows, cols := drawMatrix[T](t, nets*out, in, "rows"), drawMatrix[T](t, in, nets*out, "cols")
	all, each := New[T](n, nets*out), New[T](n, nets*out)

	Gemm(NoTrans, Trans, 1, x, rows, 0, all)
	for k := range nets {
		Gemm(NoTrans, Trans, 1, x, rows.RowBlock(k*out, (k+1)*out), 0, each.ColBlock(k*out, (k+1)*out))
	}
	equal(t, all, each, in)

	Gemm(NoTrans, NoTrans, 1, x, cols, 0, all)
	for k := range nets {
		Gemm(NoTrans, NoTrans, 1, x, cols.ColBlock(k*out, (k+1)*out), 0, each.ColBlock(k*out, (k+1)*out))
	}
	equal(t, all, each, in)
}

// A·B = A₁·B₁ + A₂·B₂ for any cut of the inner dimension, as when a batch is
// summed in parts.
func lawSum[T Float](t *rapid.T) {
	m, n, k := sizes.Draw(t, "m"), sizes.Draw(t, "n"), sizes.Draw(t, "k")
	cut := rapid.IntRange(0, k).Draw(t, "cut")
	a, b := drawMatrix[T](t, k, m, "a"), drawMatrix[T](t, k, n, "b")
	whole, parts := New[T](m, n), New[T](m, n)
	Gemm(Trans, NoTrans, 1, a, b, 0, whole)
	Gemm(Trans, NoTrans, 1, a.RowBlock(0, cut), b.RowBlock(0, cut), 0, parts)
	Gemm(Trans, NoTrans, 1, a.RowBlock(cut, k), b.RowBlock(cut, k), 1, parts)
	equal(t, whole, parts, k)
}
