package model

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bnlab/blas"
)

// TestStepCost guards the cost of a training step without a clock: how often it
// calls each product and pass, and how many operations the products take. Layer 1
// of all nets is one product forward and one backward, whatever their number and
// their λ, but for kernels on which only one per net keeps the bits and costs little;
// no pass goes over its weights.
func TestStepCost(t *testing.T) {
	const in, h1, h2, out, n = 256, 48, 8, 5, 100
	for _, nets := range []int{1, 8} {
		net := newNet[float32](t, Spec{In: in, Hidden: []int{h1, h2}, Out: out, Nets: nets, BatchNorm: nets, Eps: 1e-5, Alpha: 0.9, MaxRows: n}, 1)
		x, labels := randomBatch[float32](rand.New(rand.NewPCG(1, 1)), n, in, out)
		eta, lambda := make([]float64, nets), make([]float64, nets)
		for k := range nets {
			eta[k], lambda[k] = 0.01*float64(k+1), 0.001*float64(k)
		}
		calls, flops, layer1 := map[string]int{}, 0.0, 0
		blas.Trace(func(c blas.Call) {
			calls[c.Name]++
			if c.Name == "Gemm" {
				flops += c.Flops()
				if c.K == in || c.N == in {
					layer1++
				}
			} else if c.M*c.N >= nets*in*h1 {
				t.Errorf("%d nets: %s goes over %d elements, as many as layer 1 has weights", nets, c.Name, c.M*c.N)
			}
		}, func() { net.Step(x, labels, eta, lambda) })
		want := map[string]int{
			"Gemm":   layer1 + 2*3*nets, // layers 2 and 3 of each net: forward, ∂X, ∂W
			"Gemv":   (2*2 + 2*2 + 3) * nets,
			"Affine": 3,    // b and weightScale of each layer
			"Scal":   nets, // factor of D in layer 1
			"Center": 2, "Normalize": 2, "ReLU": 2,
			"ReLUMask": 2, "Multiply": 2, "Project": 2,
			"ColMax": nets, "Exps": nets, // softmax
		}
		if together := fast() || nets == 1; together && layer1 != 2 || layer1 > 2*nets { // forward, ∂W
			t.Errorf("%d nets: %d products in layer 1", nets, layer1)
		}
		if diff := cmp.Diff(want, calls); diff != "" {
			t.Errorf("%d nets: calls, want − got +\n%s", nets, diff)
		}
		if want := 2.0 * n * float64(nets) * (2*in*h1 + 3*h1*h2 + 3*h2*out); flops != want {
			t.Errorf("%d nets: %g operations, want %g", nets, flops, want)
		}
	}
}

// fast reports whether the kernel in use is one of those whose speed is measured.
func fast() bool {
	return slices.Contains([]string{"Haswell", "Zen", "SkylakeX", "Cooperlake"}, blas.Current().Core)
}
