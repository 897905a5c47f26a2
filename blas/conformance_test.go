package blas

import (
	"fmt"
	"math"
	"testing"
)

// The conformance suite: every product, on every backend, in both precisions,
// against loops written from the definition.
func TestGemm(t *testing.T) { inBoth(t, gemmSuite[float32], gemmSuite[float64]) }
func TestGemv(t *testing.T) { inBoth(t, gemvSuite[float32], gemvSuite[float64]) }
func TestScal(t *testing.T) { inBoth(t, scalSuite[float32], scalSuite[float64]) }
func TestDot(t *testing.T)  { inBoth(t, dotSuite[float32], dotSuite[float64]) }

var (
	transposes = []Transpose{NoTrans, Trans}
	scalars    = []float64{0, 1, -1, 0.3}
	small      = []int{0, 1, 2, 3, 7, 31}
	lengths    = []int{0, 1, 2, 3, 7, 31, 50, 100, 3072}
)

func gemmSuite[T Float](t *testing.T) {
	few := []float64{0, 1}
	for _, m := range small {
		for _, n := range small {
			for _, k := range small {
				checkGemm[T](t, m, n, k, 0, few)
				checkGemm[T](t, m, n, k, 3, scalars)
			}
		}
	}
	for _, s := range [][3]int{
		{50, 100, 31}, {100, 7, 50}, {100, 50, 100}, // later layers
		{31, 50, 3072}, {50, 3072, 7}, // first layer, of part of a batch
		{1, 3, 3072}, {3072, 1, 2}, {3072, 50, 0}, {129, 257, 65},
	} {
		checkGemm[T](t, s[0], s[1], s[2], 5, few)
	}
}

// checkGemm checks c ← alpha·op(a)·op(b) + beta·c of size m×n over k, for all
// transposes, with alpha and beta from values, beta = 0 over NaN.
func checkGemm[T Float](t *testing.T, m, n, k, pad int, values []float64) {
	for _, ta := range transposes {
		for _, tb := range transposes {
			t.Run(fmt.Sprintf("%c%c/%dx%dx%d/pad%d", ta, tb, m, n, k, pad), func(t *testing.T) {
				a, b := framedOp[T](ta, m, k, pad, 1), framedOp[T](tb, k, n, pad, 2)
				product := naive(ta, tb, a.Matrix, b.Matrix)
				for _, alpha := range values {
					for _, beta := range values {
						checkBlend(t, ta, tb, T(alpha), a, b, T(beta), product, k, pad)
					}
				}
				a.intact(t)
				b.intact(t)
			})
		}
	}
}

func checkBlend[T Float](t *testing.T, ta, tb Transpose, alpha T, a, b framed[T], beta T, product []sum, k, pad int) {
	m, _ := shape(ta, a.Matrix)
	_, n := shape(tb, b.Matrix)
	c := newFramed[T](m, n, pad, 3)
	want := make([]sum, m*n)
	for i := range m {
		for j := range n {
			want[i*n+j] = blend(alpha, product[i*n+j], beta, c.At(i, j))
			if beta == 0 {
				c.Set(i, j, T(math.NaN()))
			}
		}
	}
	Gemm(ta, tb, alpha, a.Matrix, b.Matrix, beta, c.Matrix)
	for i := range m {
		for j := range n {
			near(t, c.At(i, j), want[i*n+j], k)
		}
	}
	c.intact(t)
}

// framedOp returns a framed matrix whose op is rows×cols.
func framedOp[T Float](op Transpose, rows, cols, pad int, seed uint64) framed[T] {
	if op == Trans {
		rows, cols = cols, rows
	}
	return newFramed[T](rows, cols, pad, seed)
}

func gemvSuite[T Float](t *testing.T) {
	sizes := append([]int{50, 100}, small...)
	for _, ta := range transposes {
		for _, pad := range []int{0, 3} {
			for _, m := range sizes {
				for _, n := range sizes {
					checkGemv[T](t, ta, m, n, pad)
				}
			}
			checkGemv[T](t, ta, 3, 3072, pad)
			checkGemv[T](t, ta, 3072, 7, pad)
		}
	}
}

// checkGemv checks y ← alpha·op(a)·x + beta·y with op(a) m×n. The vectors are
// columns of one row, framed as the matrices are.
func checkGemv[T Float](t *testing.T, ta Transpose, m, n, pad int) {
	t.Run(fmt.Sprintf("%c/%dx%d/pad%d", ta, m, n, pad), func(t *testing.T) {
		a, x := framedOp[T](ta, m, n, pad, 1), newFramed[T](1, n, 2, 2)
		product := naive(ta, Trans, a.Matrix, x.Matrix)
		for _, alpha := range scalars {
			for _, beta := range scalars {
				y := newFramed[T](1, m, 2, 3)
				want := make([]sum, m)
				for i := range m {
					want[i] = blend(T(alpha), product[i], T(beta), y.At(0, i))
					if beta == 0 {
						y.Set(0, i, T(math.NaN()))
					}
				}
				Gemv(ta, T(alpha), a.Matrix, x.Row(0), T(beta), y.Row(0))
				for i := range m {
					near(t, y.At(0, i), want[i], n)
				}
				y.intact(t)
			}
		}
		a.intact(t)
		x.intact(t)
	})
}

func scalSuite[T Float](t *testing.T) {
	for _, n := range lengths {
		for _, alpha := range scalars {
			x := newFramed[T](1, n, 2, 1)
			want := make([]T, n)
			for i := range n {
				want[i] = T(alpha) * x.At(0, i)
				if alpha == 0 {
					x.Set(0, i, T(math.NaN()))
				}
			}
			Scal(T(alpha), x.Row(0))
			for i := range n {
				if x.At(0, i) != want[i] {
					t.Fatalf("n = %d, alpha = %v: element %d is %v, want %v", n, alpha, i, x.At(0, i), want[i])
				}
			}
			x.intact(t)
		}
	}
}

func dotSuite[T Float](t *testing.T) {
	for _, n := range lengths {
		x, y := newFramed[T](1, n, 2, 1), newFramed[T](1, n, 2, 2)
		want := sum{}
		for i := range n {
			want.add(float64(x.At(0, i)) * float64(y.At(0, i)))
		}
		near(t, Dot(x.Row(0), y.Row(0)), want, n)
		x.intact(t)
		y.intact(t)
	}
}

// TestProductsDoNotAllocate holds for the sizes of the project on OpenBLAS.
// gonum's Go code spreads products beyond 64×64 over goroutines, which
// allocates; below it does not.
func TestProductsDoNotAllocate(t *testing.T) {
	inBoth(t, allocSuite[float32], allocSuite[float64])
}

func allocSuite[T Float](t *testing.T) {
	a, b, c := New[T](50, 64), New[T](40, 64), New[T](50, 40)
	x, y := make([]T, 64), make([]T, 50)
	var dot T
	for name, product := range map[string]func(){
		"Gemm": func() { Gemm(NoTrans, Trans, 1, a, b, 0.5, c) },
		"Gemv": func() { Gemv(NoTrans, 1, a, x, 0.5, y) },
		"Scal": func() { Scal(0.5, x) },
		"Dot":  func() { dot += Dot(x, x) },
		"Views": func() {
			Gemm(NoTrans, Trans, 1, a.RowBlock(1, 20), b.Slice(2, 30, 0, 64), 0, c.Slice(3, 22, 4, 32))
		},
	} {
		if n := testing.AllocsPerRun(20, product); n != 0 {
			t.Errorf("%s allocates %v times a call", name, n)
		}
	}
}
