package blas

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestKernels compares the passes in use with those in Go, element for element and bit
// for bit, at widths around the lengths of vector registers, with rows apart, and with
// NaN and infinities among the numbers.
func TestKernels(t *testing.T) {
	t.Run("float32", testKernels[float32])
	t.Run("float64", testKernels[float64])
}

func testKernels[T Float](t *testing.T) {
	for _, n := range []int{0, 1, 2, 5} {
		for _, d := range []int{0, 1, 3, 4, 7, 8, 15, 16, 17, 31, 33, 50, 100, 400} {
			for name, run := range passes[T](n, d) {
				want := run(goKernels[T]{})
				got := run(nil)
				for i := range want {
					if math.Float64bits(float64(got[i])) != math.Float64bits(float64(want[i])) && !(got[i] != got[i] && want[i] != want[i]) {
						t.Fatalf("%s %d×%d: element %d is %v, want %v", name, n, d, i, got[i], want[i])
					}
				}
			}
		}
	}
}

// passes returns a run of each pass on fixed numbers: by the given kernels, or,
// for nil, by the exported function. It returns everything written.
func passes[T Float](n, d int) map[string]func(kernels[T]) []T {
	random := rand.New(rand.NewPCG(uint64(n), uint64(d)))
	vector := func() []T { return randomNumbers[T](random, n) }
	a, b, c := vector(), vector(), vector()
	scale, shift := randomNumbers[T](random, d), randomNumbers[T](random, d)
	x, y, z := randomNumbers[T](random, n*(d+3)), randomNumbers[T](random, n*(d+3)), randomNumbers[T](random, n*(d+3))
	pixels, index := make([]byte, 7*d), make([]int32, n)
	for i := range pixels {
		pixels[i] = byte(random.Uint32())
	}
	for i := range index {
		index[i] = int32(random.IntN(7))
	}
	// with calls f on fresh copies of three matrices inside wider ones.
	with := func(f func(p, q, r Matrix[T])) []T {
		var written []T
		var ms []Matrix[T]
		for _, data := range [][]T{x, y, z} {
			ms = append(ms, Of(n, d+3, slices.Clone(data)).ColBlock(2, d+2))
		}
		f(ms[0], ms[1], ms[2])
		for _, m := range ms {
			for i := range n {
				written = append(written, m.Row(i)...)
			}
		}
		return written
	}
	pass := func(direct func(k kernels[T], p, q, r Matrix[T]), exported func(p, q, r Matrix[T])) func(kernels[T]) []T {
		return func(k kernels[T]) []T {
			return with(func(p, q, r Matrix[T]) {
				if k == nil {
					exported(p, q, r)
				} else {
					direct(k, p, q, r)
				}
			})
		}
	}
	type m = Matrix[T]
	top, sum := make([]T, d), make([]T, d)
	softmax := func(colMax func(m, []T), exps func([]T, m, []T)) func(p, q, r m) {
		return func(p, q, _ m) {
			if n == 0 { // no greatest
				return
			}
			colMax(p, top)
			copy(q.Row(0), top)
			exps(top, p, sum)
			copy(q.Row(n-1), sum)
		}
	}
	runs := map[string]func(kernels[T]) []T{
		"Gather": pass(func(k kernels[T], p, _, _ m) { k.gather(p, pixels, index, scale, shift) },
			func(p, _, _ m) { Gather(p, pixels, index, scale, shift) }),
		"Affine": pass(func(k kernels[T], p, _, _ m) { k.affine(a, b, p) }, func(p, _, _ m) { Affine(a, b, p) }),
		"Center": pass(func(k kernels[T], p, q, r m) { k.center(p, a, q, r) }, func(p, q, r m) { Center(p, a, q, r) }),
		"Normalize": pass(func(k kernels[T], p, q, _ m) { k.normalize(a, b, c, p, q) },
			func(p, q, _ m) { Normalize(a, b, c, p, q) }),
		"ReLU":       pass(func(k kernels[T], p, _, _ m) { k.relu(p) }, func(p, _, _ m) { ReLU(p) }),
		"ReLUMask":   pass(func(k kernels[T], p, q, _ m) { k.reluMask(p, q) }, func(p, q, _ m) { ReLUMask(p, q) }),
		"Multiply":   pass(func(k kernels[T], p, q, r m) { k.multiply(p, q, r) }, func(p, q, r m) { Multiply(p, q, r) }),
		"Softmax":    pass(func(k kernels[T], p, q, r m) { softmax(k.colMax, k.exps)(p, q, r) }, softmax(ColMax[T], Exps[T])),
		"Project":    pass(func(k kernels[T], p, q, _ m) { k.project(a, b, c, p, q) }, func(p, q, _ m) { Project(a, b, c, p, q) }),
		"MultiplyBy": pass(func(k kernels[T], p, q, _ m) { k.multiplyBy(p, q) }, func(p, q, _ m) { MultiplyBy(p, q) }),
	}
	runs["Dropout"] = pass(func(k kernels[T], p, _, _ m) { k.dropout(5, 7, 0x40000000, T(1/(1-0.25)), p) }, func(p, _, _ m) { Dropout(7<<32+5, 0.25, p) })
	for _, ahead := range []T{0, 1} {
		runs[fmt.Sprint("Momentum ", ahead)] = pass(func(k kernels[T], p, q, r m) {
			for i := range n {
				k.momentum(0.1, 0.02, 0.9, ahead, p.Row(i), q.Row(i), r.Row(i))
			}
		}, func(p, q, r m) {
			for i := range n {
				MomentumStep(0.1, 0.02, 0.9, ahead != 0, p.Row(i), q.Row(i), r.Row(i))
			}
		})
	}
	second := func(r m, i int) []T { // no moment is negative
		v := slices.Clone(r.Row(i))
		for j := range v {
			v[j] *= v[j]
		}
		return v
	}
	step, root := T(0.25/(1-0.25)), T(math.Sqrt(1-0.875*0.875)) // of update 2
	runs["Adam"] = pass(func(k kernels[T], p, q, r m) {
		for i := range n {
			k.adam(0.02, 0.75, 0.5, 0.875, 0.125, 0.25, step, root, p.Row(i), q.Row(i), r.Row(i), second(r, i))
		}
	}, func(p, q, r m) {
		for i := range n {
			AdamStep(Adam{Eta: 0.25, Beta1: 0.5, Beta2: 0.875, Eps: 0.25, Updates: 2, Decay: 0.02, Shrink: 0.25}, p.Row(i), q.Row(i), r.Row(i), second(r, i))
		}
	})
	for i, name := range activationNames {
		f := Activation(i)
		runs[name] = pass(func(k kernels[T], p, q, _ m) { k.activate(i, p, q) }, func(p, q, _ m) { Activate(f, p, q) })
	}
	return runs
}

// randomNumbers draws n numbers, a few of them special.
func randomNumbers[T Float](random *rand.Rand, n int) []T {
	special := []float64{0, math.Copysign(0, -1), math.NaN(), math.Inf(1), math.Inf(-1), 1e-38, -1e38}
	s := make([]T, n)
	for i := range s {
		s[i] = T(random.NormFloat64())
		if random.IntN(20) == 0 {
			s[i] = T(special[random.IntN(len(special))])
		}
	}
	return s
}

// TestReLU checks what ReLU does to zeros and NaN.
func TestReLU(t *testing.T) {
	nan := math.NaN()
	x := Of(1, 6, []float64{-1, 0, 2, nan, math.Inf(1), math.Inf(-1)})
	g := Of(1, 6, []float64{1, 1, 1, 1, 1, 1})
	ReLUMask(x, g)
	if want := []float64{0, 0, 1, 0, 1, 0}; !slices.Equal(g.Data, want) {
		t.Errorf("mask %v, want %v", g.Data, want)
	}
	ReLU(x)
	if x.Data[3] == x.Data[3] || !slices.Equal(slices.Delete(slices.Clone(x.Data), 3, 4), []float64{0, 0, 2, math.Inf(1), 0}) {
		t.Errorf("ReLU gives %v", x.Data)
	}
}
