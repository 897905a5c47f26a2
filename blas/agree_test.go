package blas_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"bnlab/blas"
	"bnlab/blas/blastest"
)

// random returns a rows×cols matrix that begins off elements after where Go would have
// put it, with rows apart elements apart.
func random[T blas.Float](r *rand.Rand, rows, cols, apart, off int) blas.Matrix[T] {
	m := blas.Of(1, rows*(cols+apart)+off, make([]T, rows*(cols+apart)+off)).ColBlock(off, rows*(cols+apart)+off)
	for i := range m.Data {
		m.Data[i] = T(r.NormFloat64())
	}
	return blas.Of(rows, cols+apart, m.Data).ColBlock(0, cols)
}

func clone[T blas.Float](m blas.Matrix[T]) blas.Matrix[T] {
	m.Data = append([]T(nil), m.Data...)
	return m
}

// sameBits fails where two matrices differ, NaN being NaN.
func sameBits[T blas.Float](t *testing.T, got, want blas.Matrix[T], format string, args ...any) {
	t.Helper()
	for i := range want.Rows {
		for j, w := range want.Row(i) {
			if g := got.At(i, j); math.Float64bits(float64(g)) != math.Float64bits(float64(w)) && (g == g || w == w) {
				t.Fatalf("%s: (%d,%d) is %v, alone %v", fmt.Sprintf(format, args...), i, j, g, w)
			}
		}
	}
}

// TestBlocksAlone: each block of a GemmBlocks has the bits of a separate Gemm, on any
// number of threads, whatever is beside it and wherever it is, NaN included, unless
// GemmBlocks says otherwise: it does so only in float32 on AVX2 kernels, and never for
// a single block.
func TestBlocksAlone(t *testing.T) {
	blastest.EveryKernel(t, func(t *testing.T) {
		defer blas.SetThreads(max(1, blas.Current().Threads))
		t.Run("float32", blocksAlone[float32])
		t.Run("float64", blocksAlone[float64])
	})
}

func blocksAlone[T blas.Float](t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	mixed := 0
	for _, d := range []int{12, 131} {
		for _, n := range []int{1, 33, 101} {
			x := random[T](r, n, d, 16, 0)
			for _, width := range []int{1, 7, 13, 50, 53} {
				for _, blocks := range []int{1, 3} {
					w, g := random[T](r, blocks*width, d, 0, r.IntN(3)), random[T](r, blocks*width, n, 0, r.IntN(3))
					if blocks > 1 && r.IntN(4) == 0 {
						w.Set(blocks*width-1, 0, T(math.NaN()))
						g.Set(blocks*width-1, 0, T(math.Inf(1)))
					}
					if !blocksAgree(t, blocks, x, w, g) {
						mixed++
					}
				}
			}
		}
	}
	// As many images as an evaluation takes, of which some kernels treat the last otherwise.
	if x := random[T](r, 500, 131, 16, 0); !blocksAgree(t, 3, x, random[T](r, 150, 131, 0, 0), random[T](r, 150, 500, 0, 0)) {
		mixed++
	}
	if mixed > 0 && !(mixes() && blas.Bits[T]() == 32) {
		t.Errorf("%d products mix blocks", mixed)
	}
}

// mixes reports whether the kernel in use is one of those whose float32 products follow
// from the blocks beside a block, and would lose their speed without.
func mixes() bool { return slices.Contains([]string{"Haswell", "Zen"}, blas.Current().Core) }

// TestBitsFollow: the test of a kernel agrees with what is known about it.
func TestBitsFollow(t *testing.T) {
	blastest.EveryKernel(t, func(t *testing.T) {
		if len(blas.LibraryBits()) > 0 {
			t.Skip("the threads of this library are not set here")
		}
		single, double := blas.BitsFollow[float32](false), blas.BitsFollow[float64](false)
		if got := slices.Equal(single, []string{blas.Beside}); got != mixes() || !got && single != nil || double != nil {
			t.Errorf("float32 %q, float64 %q", single, double)
		}
	})
}

func blocksAgree[T blas.Float](t *testing.T, blocks int, x, w, g blas.Matrix[T]) bool {
	width := w.Rows / blocks
	s, want := blas.New[T](w.Rows, x.Rows), blas.New[T](w.Rows, x.Rows)
	updated, wantUpdated := clone(w), clone(w)
	sums, wantSums := blas.New[T](w.Rows, 1), blas.New[T](w.Rows, 1)
	ones := make([]T, x.Rows)
	for i := range ones {
		ones[i] = 1
	}
	blas.SetThreads(1)
	for i := 0; i < w.Rows; i += width {
		to := i + width
		apart := clone(w.RowBlock(i, to)) // where Go puts it
		blas.Gemm(blas.NoTrans, blas.Trans, 1, apart, x, 0, want.RowBlock(i, to))
		blas.Gemm(blas.NoTrans, blas.NoTrans, 1, g.RowBlock(i, to), x, 1, wantUpdated.RowBlock(i, to))
		blas.Gemv(blas.NoTrans, 1, clone(g.RowBlock(i, to)), ones, 0, wantSums.Data[i:to])
		if a, b := blas.Dot(apart.Row(0), apart.Row(0)), blas.Dot(w.Row(i), w.Row(i)); a != b && a == a {
			t.Errorf("Dot of %d elements: %v and %v", w.Cols, a, b)
		}
	}
	alone := true
	for _, threads := range []int{1, 2, 3} {
		blas.SetThreads(threads)
		copy(updated.Data, w.Data)
		forward := blas.GemmBlocks(blocks, blas.Trans, w, x, 0, s)
		back := blas.GemmBlocks(blocks, blas.NoTrans, g, x, 1, updated)
		if (!forward || !back) && blocks == 1 {
			t.Errorf("%d×%d: a single block said to follow from others", w.Rows, w.Cols)
		}
		if forward {
			sameBits(t, s, want, "%d threads, forward, %d blocks of %d×%d on %d images", threads, blocks, width, w.Cols, x.Rows)
		}
		if back {
			sameBits(t, updated, wantUpdated, "%d threads, gradient, %d blocks of %d×%d on %d images", threads, blocks, width, w.Cols, x.Rows)
		}
		alone = alone && forward && back
		for i := 0; i < w.Rows; i += width {
			blas.Gemv(blas.NoTrans, 1, g.RowBlock(i, i+width), ones, 0, sums.Data[i:i+width])
		}
		sameBits(t, sums, wantSums, "%d threads, sums, %d blocks of %d on %d images", threads, blocks, width, x.Rows)
	}
	return alone
}
