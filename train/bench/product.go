package bench

import (
	"time"

	"bnlab/blas"
	"bnlab/model"
)

// Product is a product at a shape in use, of an m×k and a k×n matrix.
type Product struct {
	Nets   int     `json:"nets"`  // side by side in the step it belongs to
	Layer  int     `json:"layer"` // from 1
	Pass   string  `json:"pass"`  // forward, ∂X or ∂W
	Name   string  `json:"name"`  // with weights W, images X, activations A and gradient D
	M      int     `json:"m"`
	N      int     `json:"n"`
	K      int     `json:"k"`
	Calls  int     `json:"calls"`  // in a step
	Us     float64 `json:"us"`     // of one call
	GFlops float64 `json:"gflops"` // GFLOP/s
}

func (p Product) flops() float64 { return 2 * float64(p.M) * float64(p.N) * float64(p.K) }

// shape is a product that can be timed alone.
type shape struct {
	Product
	*timed
}

func (s shape) measure() Product {
	p := s.Product
	p.Us = s.us()
	p.GFlops = p.flops() / p.Us / 1e3
	return p
}

// shapesOf returns the products among the calls of a step: forward from layer 1 up,
// then ∂X and ∂W from the last layer down, but of what is frozen. Layer 1, with the given numbers of elements
// in S and in W, is one product for all nets, or on some kernels one per net, for all
// images or for the last of them, and needs no ∂X; the others are one product per net.
func shapesOf[T blas.Float](calls []blas.Call, spec model.Spec, elementsS, elementsW int) []shape {
	var shapes []shape
	layers, nets := len(spec.Hidden)+1, spec.Nets
	next := func(layer int, pass, name string, times int) (elements int) {
		for calls[0].Name != "Gemm" {
			calls = calls[1:]
		}
		c, beta := calls[0], T(0)
		if layer == 1 {
			times = alike(calls)
		}
		if pass == "∂W" {
			beta = 1 // an update adds to the weights
		}
		shapes = append(shapes, shape{
			Product{Nets: nets, Layer: layer, Pass: pass, Name: name, M: c.M, N: c.N, K: c.K, Calls: times},
			&timed{run: gemm(c, beta, layer == 1), atLeast: 2 * time.Millisecond},
		})
		calls = calls[times:] // the passes of other nets come after all of them
		return times * c.M * c.N
	}
	for elementsS > 0 {
		elementsS -= next(1, "forward", "W·Xᵀ", nets)
	}
	for l := 2; l <= layers; l++ {
		next(l, "forward", "W·A", nets)
	}
	for l := layers; l > 1; l-- {
		below, weights := spec.Computes(l)
		if below {
			next(l, "∂X", "Wᵀ·D", nets)
		}
		if weights {
			next(l, "∂W", "D·Aᵀ", nets)
		}
	}
	if _, weights := spec.Computes(1); !weights {
		elementsW = 0
	}
	for elementsW > 0 {
		elementsW -= next(1, "∂W", "D·X", nets)
	}
	return shapes
}

// alike counts the equal calls at the beginning.
func alike(calls []blas.Call) int {
	n := 0
	for n < len(calls) && calls[n] == calls[0] {
		n++
	}
	return n
}

// gemm returns the product of a call on its own matrices, the second with padded rows
// if asked to, like a mini-batch.
func gemm[T blas.Float](c blas.Call, beta T, apart bool) func() {
	create := blas.New[T]
	operand := func(t blas.Transpose, rows, cols int) blas.Matrix[T] {
		if t == blas.Trans {
			rows, cols = cols, rows
		}
		m := create(rows, cols)
		for i := range m.Data {
			m.Data[i] = T(i%7) - 3
		}
		return m
	}
	a := operand(c.TA, c.M, c.K)
	if apart {
		create = blas.NewSpaced[T]
	}
	b, out := operand(c.TB, c.K, c.N), blas.New[T](c.M, c.N)
	if c.Half {
		a, b := round(a), round(b)
		return func() { blas.GemmHalf(c.TA, c.TB, a, b, beta, out) }
	}
	return func() { blas.Gemm(c.TA, c.TB, 1, a, b, beta, out) }
}

// round returns m in bfloat16, rows contiguous as in a network.
func round[T blas.Float](m blas.Matrix[T]) blas.Matrix[blas.Half] {
	h := blas.New[blas.Half](m.Rows, m.Cols)
	blas.Round(1, m, h)
	return h
}

// trace returns the products and passes that run calls.
func trace(run func()) (calls []blas.Call) {
	blas.Trace(func(c blas.Call) { calls = append(calls, c) }, run)
	return calls
}

// flops returns the operations of the products that run calls.
func flops(run func()) (sum float64) {
	for _, c := range trace(run) {
		if c.Name == "Gemm" {
			sum += c.Flops()
		}
	}
	return sum
}
