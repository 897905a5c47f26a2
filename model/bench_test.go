package model

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"

	"bnlab/blas"
)

// The benchmarks time the study's 3-layer network with batch normalisation, alone
// and eight side by side; images/s counts those of all nets.

// BenchmarkStep times training steps on a given mini-batch.
func BenchmarkStep(b *testing.B) { alone(b, benchmarkStep[float32], benchmarkStep[float64]) }

// BenchmarkForward times the first part of a step.
func BenchmarkForward(b *testing.B) { alone(b, benchmarkForward[float32], benchmarkForward[float64]) }

// BenchmarkBackward times the rest of it: loss, backward pass and update, which is
// part of the products of the backward pass.
func BenchmarkBackward(b *testing.B) {
	alone(b, benchmarkBackward[float32], benchmarkBackward[float64])
}

// BenchmarkLoss times softmax and cross-entropy with their gradient, which
// BenchmarkBackward includes.
func BenchmarkLoss(b *testing.B) { alone(b, benchmarkLoss[float32], benchmarkLoss[float64]) }

// BenchmarkScore times evaluation.
func BenchmarkScore(b *testing.B) { alone(b, benchmarkScore[float32], benchmarkScore[float64]) }

// BenchmarkWorkers times steps on one core, two, four and so on up to all, eight
// nets on each.
func BenchmarkWorkers(b *testing.B) {
	for workers := 1; workers <= runtime.GOMAXPROCS(0); workers *= 2 {
		b.Run(fmt.Sprintf("f32/workers=%d", workers), func(b *testing.B) { benchmarkWorkers[float32](b, workers) })
		b.Run(fmt.Sprintf("f64/workers=%d", workers), func(b *testing.B) { benchmarkWorkers[float64](b, workers) })
	}
}

// BenchmarkMethods times training steps in float32, alone and eight side by side, with each
// method beyond the study, and without any, as the one called none.
func BenchmarkMethods(b *testing.B) {
	adam := Each{Beta1: 0.9, Beta2: 0.999, AdamEps: 1e-8}
	for _, m := range []struct {
		name string
		with Spec
	}{
		{"none", Spec{}},
		{"leaky", Spec{Activation: "leaky"}}, {"gelu", Spec{Activation: "gelu"}},
		{"tanh", Spec{Activation: "tanh"}}, {"sigmoid", Spec{Activation: "sigmoid"}},
		{"layer", Spec{LayerNorm: true}}, {"after", Spec{NormAfter: true}}, {"skip", Spec{Skip: 1}},
		{"ghost", Spec{Each: []Each{{Ghost: 20}}}}, {"noisy", Spec{Each: []Each{{Noisy: true}}}},
		{"dropout", Spec{Each: []Each{{Dropout: 0.2}}}}, {"smoothing", Spec{Each: []Each{{Smoothing: 0.1}}}},
		{"momentum", Spec{Each: []Each{{Momentum: 0.9}}}}, {"adam", Spec{Optimiser: Adam, Each: []Each{adam}}},
	} {
		for _, nets := range []int{1, 8} {
			b.Run(fmt.Sprintf("%s/nets=%d", m.name, nets), func(b *testing.B) {
				spec := m.with
				spec.In, spec.Hidden, spec.Out, spec.Nets = 3072, []int{50, 50}, 10, nets
				if !spec.LayerNorm {
					spec.BatchNorm = nets
				}
				spec.Eps, spec.Alpha, spec.MaxRows = 1e-5, 0.9, 500
				if spec.Each != nil {
					spec.Each = slices.Repeat(spec.Each, nets)
				}
				net := newNet[float32](b, spec, 1)
				_, x, labels := study[float32](b, 1, 100)
				eta, lambda := each(nets, 1e-4, 0), each(nets, 5e-3, 0)
				for b.Loop() {
					net.Step(x, labels, eta, lambda)
				}
			})
		}
	}
}

// alone runs a benchmark of one net and of eight in both precisions.
func alone(b *testing.B, single, double func(*testing.B, int)) {
	for _, nets := range []int{1, 8} {
		b.Run(fmt.Sprintf("f32/nets=%d", nets), func(b *testing.B) { single(b, nets) })
		b.Run(fmt.Sprintf("f64/nets=%d", nets), func(b *testing.B) { double(b, nets) })
	}
}

func benchmarkStep[T blas.Float](b *testing.B, nets int) {
	step := stepOf[T](b, nets)
	b.ReportAllocs()
	for b.Loop() {
		step()
	}
	reportImages(b, nets*100)
}

func benchmarkForward[T blas.Float](b *testing.B, nets int) {
	net, x, _ := study[T](b, nets, 100)
	for b.Loop() {
		net.Forward(x, Train)
	}
	reportImages(b, nets*x.Rows)
}

func benchmarkBackward[T blas.Float](b *testing.B, nets int) {
	net, x, labels := study[T](b, nets, 100)
	net.update.step(net.Spec, each(nets, 1e-3, 0), each(nets, 5e-3, 0))
	for b.Loop() {
		b.StopTimer()
		logits := net.Forward(x, Train)
		b.StartTimer()
		net.score(logits, labels, true)
		net.backward(x)
	}
	reportImages(b, nets*x.Rows)
}

func benchmarkLoss[T blas.Float](b *testing.B, nets int) {
	net, x, labels := study[T](b, nets, 100)
	logits := net.Forward(x, Train)
	for b.Loop() {
		net.score(logits, labels, true)
	}
	reportImages(b, nets*x.Rows)
}

func benchmarkScore[T blas.Float](b *testing.B, nets int) {
	net, x, labels := study[T](b, nets, 500)
	for b.Loop() {
		net.Score(x, labels, Eval)
	}
	reportImages(b, nets*x.Rows)
}

func benchmarkWorkers[T blas.Float](b *testing.B, workers int) {
	const nets = 8
	steps := make([]func(), workers)
	for i := range steps {
		steps[i] = stepOf[T](b, nets)
	}
	b.ResetTimer()
	var all sync.WaitGroup
	for _, step := range steps {
		all.Go(func() {
			for range b.N {
				step()
			}
		})
	}
	all.Wait()
	reportImages(b, workers*nets*100)
}

// stepOf returns a training step of so many nets on 100 images.
func stepOf[T blas.Float](b *testing.B, nets int) func() {
	net, x, labels := study[T](b, nets, 100)
	eta, lambda := each(nets, 1e-3, 0), each(nets, 5e-3, 0)
	return func() { net.Step(x, labels, eta, lambda) }
}

// reportImages reports images/s, images being those of one iteration.
func reportImages(b *testing.B, images int) {
	b.ReportMetric(float64(b.N)*float64(images)/b.Elapsed().Seconds(), "images/s")
}

// study returns the study's network, and n images of noise.
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
