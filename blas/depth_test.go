package blas_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"bnlab/blas"
	"bnlab/blas/blastest"
)

// TestLongSums: a product of long sums has the same bits on any number of threads, NaN
// and infinity included, and on kernels of today's CPUs its sums are divided.
func TestLongSums(t *testing.T) {
	blastest.EveryKernel(t, func(t *testing.T) {
		defer blas.SetThreads(max(1, blas.Current().Threads))
		t.Run("float32", longSums[float32])
		t.Run("float64", longSums[float64])
	})
}

func longSums[T blas.Float](t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, k := range []int{1500, 3001} {
		w, x := random[T](r, 20, k, 0, r.IntN(3)), random[T](r, 101, k, 16, 0)
		w.Set(7, k-1, T(math.Inf(1)))
		x.Set(9, 0, T(math.NaN()))
		want := blas.New[T](20, 101)
		blas.SetThreads(1)
		blas.Gemm(blas.NoTrans, blas.Trans, -0.5, w, x, 0, want)
		for _, threads := range []int{2, 3} {
			blas.SetThreads(threads)
			got := blas.NewSpaced[T](20, 101)
			got.Set(3, 3, T(math.NaN()))
			blas.Gemm(blas.NoTrans, blas.Trans, -0.5, w, x, 0, got)
			sameBits(t, got, want, "sums of %d on %d threads", k, threads)
		}
		if core := blas.Current().Core; slices.Contains([]string{"Sandybridge", "Haswell", "Zen", "SkylakeX", "Cooperlake"}, core) &&
			!blas.CutsSums[T](20, 101, k, 2) {
			t.Errorf("%s: sums of %d are not divided", core, k)
		}
	}
}

// TestGatherThreads: a mini-batch is the same on any number of threads.
func TestGatherThreads(t *testing.T) {
	defer blas.SetThreads(max(1, blas.Current().Threads))
	r := rand.New(rand.NewPCG(5, 6))
	const images, d = 131, 3072
	pixels := make([]byte, images*d)
	for i := range pixels {
		pixels[i] = byte(r.IntN(256))
	}
	scale, shift := random[float32](r, 1, d, 0, 0).Data, random[float32](r, 1, d, 0, 0).Data
	index := make([]int32, 101)
	for i := range index {
		index[i] = int32(r.IntN(images))
	}
	var want blas.Matrix[float32]
	for _, threads := range []int{1, 2, 3, 7} {
		blas.SetThreads(threads)
		x := blas.NewSpaced[float32](len(index), d)
		blas.Gather(x, pixels, index, scale, shift)
		if threads == 1 {
			want = x
		}
		sameBits(t, x, want, "gathered on %d threads", threads)
	}
}
