package model

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"bnlab/blas"
)

// BenchmarkStep times training steps of the study's 3-layer network, alone and
// side by side, and BenchmarkScore its evaluation; images/s counts those of all
// nets.
func BenchmarkStep(b *testing.B) {
	for _, nets := range []int{1, 8} {
		b.Run(fmt.Sprintf("f32/nets=%d", nets), func(b *testing.B) { benchmarkStep[float32](b, nets) })
		b.Run(fmt.Sprintf("f64/nets=%d", nets), func(b *testing.B) { benchmarkStep[float64](b, nets) })
	}
}

func BenchmarkScore(b *testing.B) {
	for _, nets := range []int{1, 8} {
		b.Run(fmt.Sprintf("f32/nets=%d", nets), func(b *testing.B) { benchmarkScore[float32](b, nets) })
		b.Run(fmt.Sprintf("f64/nets=%d", nets), func(b *testing.B) { benchmarkScore[float64](b, nets) })
	}
}

func benchmarkStep[T blas.Float](b *testing.B, nets int) {
	net, x, labels := study[T](b, nets, 100)
	eta, lambda := each(nets, 1e-3, 0), each(nets, 5e-3, 0)
	b.ReportAllocs()
	for b.Loop() {
		net.Step(x, labels, eta, lambda)
	}
	b.ReportMetric(float64(b.N*nets*x.Rows)/b.Elapsed().Seconds(), "images/s")
}

func benchmarkScore[T blas.Float](b *testing.B, nets int) {
	net, x, labels := study[T](b, nets, 500)
	for b.Loop() {
		net.Score(x, labels, Eval)
	}
	b.ReportMetric(float64(b.N*nets*x.Rows)/b.Elapsed().Seconds(), "images/s")
}

// study returns the study's 3-layer network with batch normalisation, and n images
// of noise.
func study[T blas.Float](b *testing.B, nets, n int) (*Network[T], blas.Matrix[T], []uint8) {
	blas.SetThreads(1)
	net := newNet[T](b, Spec{In: 3072, Hidden: []int{50, 50}, Out: 10, Nets: nets, BatchNorm: nets, Eps: 1e-5, Alpha: 0.9, MaxRows: 500}, 1)
	noise, labels := randomBatch[T](rand.New(rand.NewPCG(1, 1)), n, 3072, 10)
	x := blas.NewSpaced[T](n, 3072)
	for i := range n {
		copy(x.Row(i), noise.Row(i))
	}
	return net, x, labels
}
