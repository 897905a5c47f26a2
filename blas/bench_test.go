package blas

import "testing"

// BenchmarkGemm times the peak and the first layer's products, for one network
// and for eight fused, in one thread as a sweep uses the library. Run it by
//
//	env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE go test -run - -bench . ./blas
func BenchmarkGemm(b *testing.B) {
	oneThread(b)
	const n, d, m, nets = 100, 3072, 50, 8 // batch, inputs, units, fused networks
	for _, s := range []struct {
		name    string
		ta, tb  Transpose
		m, n, k int
	}{
		{"peak", NoTrans, NoTrans, 2048, 2048, 2048},
		{"forward", NoTrans, Trans, n, m, d},
		{"gradient", Trans, NoTrans, m, d, n},
		{"forward8", NoTrans, Trans, n, nets * m, d},
		{"gradient8", Trans, NoTrans, nets * m, d, n},
	} {
		b.Run(s.name+"/float32", func(b *testing.B) { benchGemm[float32](b, s.ta, s.tb, s.m, s.n, s.k) })
		b.Run(s.name+"/float64", func(b *testing.B) { benchGemm[float64](b, s.ta, s.tb, s.m, s.n, s.k) })
	}
}

func benchGemm[T Float](b *testing.B, ta, tb Transpose, m, n, k int) {
	a := stored[T](ta, m, k)
	w := stored[T](tb, k, n)
	c := New[T](m, n)
	fillRandom(a.Data, 1)
	fillRandom(w.Data, 2)
	b.ReportAllocs()
	for b.Loop() {
		Gemm(ta, tb, 1, a, w, 0, c)
	}
	reportRate(b, 2*m*n*k)
}

// BenchmarkVector times a sum over the batch, which stands beside the Gemm calls of a
// step and is bound by memory.
func BenchmarkVector(b *testing.B) {
	oneThread(b)
	b.Run("float32", benchVector[float32])
	b.Run("float64", benchVector[float64])
}

func benchVector[T Float](b *testing.B) {
	a, ones, sum := New[T](100, 50), make([]T, 100), make([]T, 50)
	fillRandom(a.Data, 1)
	fillRandom(ones, 1)
	b.Run("Gemv/100x50", func(b *testing.B) {
		for b.Loop() {
			Gemv(Trans, 1, a, ones, 0, sum)
		}
		reportRate(b, 2*100*50)
	})
}

func oneThread(b *testing.B) {
	before := Current().Threads
	SetThreads(1)
	b.Cleanup(func() { SetThreads(max(before, 1)) })
}

// reportRate reports GFLOP/s, flops being the operations of one iteration.
func reportRate(b *testing.B, flops int) {
	b.ReportMetric(float64(flops)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
}

// stored returns a matrix of zeros whose op is rows×cols.
func stored[T Float](t Transpose, rows, cols int) Matrix[T] {
	if t == Trans {
		rows, cols = cols, rows
	}
	return New[T](rows, cols)
}
