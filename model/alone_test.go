package model

import (
	"math"
	"math/rand/v2"
	"testing"

	"bnlab/blas"
	"bnlab/blas/blastest"
)

// TestAlone: nets of random shapes, λ, η and seeds, some with batch normalisation and
// one that overflows, have the same bits side by side as alone, in training and in
// evaluation, on one thread and on two, with every kernel. If not, the network says so,
// which happens only in one precision of some kernels.
func TestAlone(t *testing.T) {
	blastest.EveryKernel(t, func(t *testing.T) {
		before := max(1, blas.Current().Threads)
		defer blas.SetThreads(before)
		t.Run("float32", asAlone[float32])
		t.Run("float64", asAlone[float64])
	})
}

func asAlone[T blas.Float](t *testing.T) {
	mixed := 0
	for seed := range uint64(6) {
		random := rand.New(rand.NewPCG(seed, 3))
		pick := func(of ...int) int { return of[random.IntN(len(of))] }
		nets := pick(2, 3, 5)
		spec := Spec{In: pick(23, 64, 130), Out: pick(4, 10), Nets: nets, BatchNorm: random.IntN(nets + 1), Eps: 2.2e-16, Alpha: 0.9}
		for range 1 + random.IntN(2) {
			spec.Hidden = append(spec.Hidden, pick(5, 7, 12, 13, 30, 48, 50, 53, 64, 100))
		}
		rows := pick(3, 33, 50, 101)
		spec.MaxRows = 2*rows + 7
		eta, lambda := each(nets, 0.02, 0.01), each(nets, 0, 0.004)
		if seed%2 == 1 {
			eta[nets-1] = 1e30
		}
		group := trained[T](t, spec, rows, 0, eta, lambda, 1)
		for k := range nets {
			one := spec
			one.Nets, one.BatchNorm = 1, min(1, max(0, spec.BatchNorm-k))
			threads := 1 + k%2
			net := trained[T](t, one, rows, k, eta[k:k+1], lambda[k:k+1], threads)
			if net.Mixed(rows) {
				t.Errorf("%+v: a single net is said to follow from others", one)
			}
			if what := compare(net, 0, group, k); what != "" && !group.Mixed(rows) {
				t.Errorf("%+v, %d images: net %d, alone on %d threads: %s differs", spec, rows, k, threads, what)
			}
		}
		if group.Mixed(rows) {
			mixed++
		}
	}
	if core := blas.Current().Core; mixed > 0 && (core == "Cooperlake" || core == "SkylakeX" || core == "Sandybridge") {
		t.Errorf("%d networks mixed under %s", mixed, core)
	}
}

// trained returns a network after a few steps, whose first net has the seed of net first
// of a larger one.
func trained[T blas.Float](t *testing.T, spec Spec, rows, first int, eta, lambda []float64, threads int) *Network[T] {
	blas.SetThreads(threads)
	net, err := New[T](spec)
	if err != nil {
		t.Fatal(err)
	}
	for k := range spec.Nets {
		if err := net.Init(k, He, 0, uint64(first+k)); err != nil {
			t.Fatal(err)
		}
	}
	trainRandom(net, 3, rows, eta, lambda)
	return net
}

// compare returns what of net i of a is not to the last bit that of net j of b: a tensor,
// the sum of squares of the weights, or a score in evaluation, of many images and of few.
func compare[T blas.Float](a *Network[T], i int, b *Network[T], j int) string {
	for n, p := range a.Tensors(i) {
		for k, v := range p.Data {
			if w := b.Tensors(j)[n].Data[k]; v != w && (v == v || w == w) {
				return p.Name
			}
		}
	}
	bits := math.Float64bits
	if x, y := a.SquaredWeights(i), b.SquaredWeights(j); bits(x) != bits(y) && (x == x || y == y) {
		return "Σ‖W‖²"
	}
	for _, n := range []int{a.Spec.MaxRows, 5, 1} {
		x, labels := randomBatch[T](rand.New(rand.NewPCG(5, 5)), n, a.Spec.In, a.Spec.Out)
		p, q := a.Score(x, labels, Eval)[i], b.Score(x, labels, Eval)[j]
		if (bits(p.Loss) != bits(q.Loss) || p.Correct != q.Correct) && (p.Loss == p.Loss || q.Loss == q.Loss) {
			return "the score"
		}
	}
	return ""
}
