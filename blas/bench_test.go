package blas

import (
	"fmt"
	"testing"
)

// The benchmarks time what a step of the study's 3-layer network calls, at its
// shapes, for one network and for eight side by side, in one thread as a sweep uses
// the library. Run them by
//
//	env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE go test -run - -bench . -count 10 ./blas
const (
	images, pixelsAnImage, units, classes = 100, 3072, 50, 10
	sideBySide                            = 8
)

// BenchmarkGemm times the peak, and the products of each layer: forward W·Xᵀ or W·A,
// dX = Wᵀ·D, and dW = D·X or D·Aᵀ, added to W. Only layer 1 is one product for
// several networks.
func BenchmarkGemm(b *testing.B) {
	for _, p := range []struct {
		name    string
		ta, tb  Transpose
		m, n, k int
		beta    float64
	}{
		{"peak", NoTrans, NoTrans, 2048, 2048, 2048, 0},
		{"nets=1/layer=1/forward", NoTrans, Trans, units, images, pixelsAnImage, 0},
		{"nets=1/layer=1/dW", NoTrans, NoTrans, units, pixelsAnImage, images, 1},
		{"nets=1/layer=2/forward", NoTrans, NoTrans, units, images, units, 0},
		{"nets=1/layer=2/dX", Trans, NoTrans, units, images, units, 0},
		{"nets=1/layer=2/dW", NoTrans, Trans, units, units, images, 1},
		{"nets=1/layer=3/forward", NoTrans, NoTrans, classes, images, units, 0},
		{"nets=1/layer=3/dX", Trans, NoTrans, units, images, classes, 0},
		{"nets=1/layer=3/dW", NoTrans, Trans, classes, units, images, 1},
		{"nets=8/layer=1/forward", NoTrans, Trans, sideBySide * units, images, pixelsAnImage, 0},
		{"nets=8/layer=1/dW", NoTrans, NoTrans, sideBySide * units, pixelsAnImage, images, 1},
		{"wide/layer=1/forward", NoTrans, Trans, 1024, 250, pixelsAnImage, 0},
		{"wide/layer=1/dW", NoTrans, NoTrans, 1024, pixelsAnImage, 250, 1},
		{"wide/layer=2/forward", NoTrans, NoTrans, 1024, 250, 1024, 0},
		{"wide/layer=2/dX", Trans, NoTrans, 1024, 250, 1024, 0},
		{"wide/layer=2/dW", NoTrans, Trans, 1024, 1024, 250, 0.99},
	} {
		b.Run("f32/"+p.name, func(b *testing.B) { benchmarkGemm(b, p.ta, p.tb, p.m, p.n, p.k, float32(p.beta)) })
		if e, err := openOneDNN(); err == nil {
			b.Run("onednn/f32/"+p.name, func(b *testing.B) {
				defer use(nil)
				use(e)
				benchmarkGemm(b, p.ta, p.tb, p.m, p.n, p.k, float32(p.beta))
			})
		}
		b.Run("f64/"+p.name, func(b *testing.B) { benchmarkGemm(b, p.ta, p.tb, p.m, p.n, p.k, p.beta) })
	}
}

// benchmarkGemm has the rows of the second matrix apart where they are as long as
// those of a mini-batch.
func benchmarkGemm[T Float](b *testing.B, ta, tb Transpose, m, n, k int, beta T) {
	oneThread(b)
	a, x, c := stored(New[T], ta, m, k), stored(New[T], tb, k, n), New[T](m, n)
	if x.Cols >= 2048 {
		x = stored(NewSpaced[T], tb, k, n)
	}
	fillRandom(a.Data, 1)
	fillRandom(x.Data, 2)
	b.ReportAllocs()
	for b.Loop() {
		Gemm(ta, tb, 1, a, x, beta, c)
	}
	b.ReportMetric(2*float64(m)*float64(n)*float64(k)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
}

// BenchmarkPass times everything else: the gathering of a mini-batch, and what goes
// over the units of a layer.
func BenchmarkPass(b *testing.B) {
	b.Run("f32/Gather", benchmarkGather[float32])
	b.Run("f64/Gather", benchmarkGather[float64])
	for _, nets := range []int{1, sideBySide} {
		benchmarkPasses[float32](b, fmt.Sprintf("f32/nets=%d/", nets), nets*units)
		benchmarkPasses[float64](b, fmt.Sprintf("f64/nets=%d/", nets), nets*units)
	}
}

// benchmarkGather takes images from all over a set that no cache holds.
func benchmarkGather[T Float](b *testing.B) {
	const set = 30000
	pixels, index, at := make([]byte, set*pixelsAnImage), make([]int32, images), 0
	for i := range pixels {
		pixels[i] = byte(i)
	}
	x, scale, shift := NewSpaced[T](images, pixelsAnImage), make([]T, pixelsAnImage), make([]T, pixelsAnImage)
	for b.Loop() {
		for i := range index {
			at = (at + 7919) % set
			index[i] = int32(at)
		}
		Gather(x, pixels, index, scale, shift)
	}
}

// benchmarkPasses has vectors of −1: a pass done twice then leaves the numbers as
// they were, and they neither grow nor fade however often it is done.
func benchmarkPasses[T Float](b *testing.B, name string, units int) {
	g, h, q := New[T](units, images), New[T](units, images), New[T](units, images)
	fillRandom(g.Data, 1)
	fillRandom(h.Data, 2)
	v, sum, ones := make([]T, units), make([]T, units), make([]T, images)
	for i := range v {
		v[i] = -1
	}
	for i := range ones {
		ones[i] = 1
	}
	for _, pass := range []struct {
		name string
		run  func()
	}{
		{"Affine", func() { Affine(v, v, g) }},
		{"Center", func() { Center(g, v, h, q) }},
		{"Normalize", func() { Normalize(v, v, v, h, g) }},
		{"ReLU", func() { ReLU(q) }},
		{"ReLUMask", func() { ReLUMask(h, q) }},
		{"Multiply", func() { Multiply(g, h, q) }},
		{"Project", func() { Project(v, v, v, h, g) }},
		{"Gemv", func() { Gemv(NoTrans, 1, g, ones, 0, sum) }},
	} {
		b.Run(name+pass.name, func(b *testing.B) {
			oneThread(b)
			for b.Loop() {
				pass.run()
			}
		})
	}
}

func oneThread(b *testing.B) {
	before := Current().Threads
	SetThreads(1)
	b.Cleanup(func() { SetThreads(max(before, 1)) })
}

// stored returns a matrix by create whose op is rows×cols.
func stored[T Float](create func(rows, cols int) Matrix[T], t Transpose, rows, cols int) Matrix[T] {
	if t == Trans {
		rows, cols = cols, rows
	}
	return create(rows, cols)
}
