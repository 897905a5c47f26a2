package bench

import (
	"context"
	"fmt"
	"time"

	"bnlab/blas"
	"bnlab/model"
	"bnlab/train"
)

// Step is what a training step costs, in microseconds, median over rounds.
type Step struct {
	Nets       int     `json:"nets"`        // trained side by side
	Us         float64 `json:"us"`          // the whole step, gathering included, of all nets
	GatherUs   float64 `json:"gather_us"`   // mini-batch from bytes to standardised rows
	ForwardUs  float64 `json:"forward_us"`  // forward pass
	BackwardUs float64 `json:"backward_us"` // loss, backward pass and update
	GemmUs     float64 `json:"gemm_us"`     // the step's own products, timed alone
	Overhead   float64 `json:"overhead"`    // us/gemm_us
	Calls      int     `json:"calls"`       // products and passes
	Flops      float64 `json:"flops"`       // of the products
}

// Product is a product at a shape in use, C (m×n) = A·B with sums of length k.
type Product struct {
	Name   string  `json:"name"`
	M      int     `json:"m"`
	N      int     `json:"n"`
	K      int     `json:"k"`
	Us     float64 `json:"us"`
	GFlops float64 `json:"gflops"` // GFLOP/s
}

// stepper does training steps of nets on a fixed mini-batch of a source.
type stepper[T blas.Float] struct {
	net         *model.Network[T]
	source      train.Source[T]
	x           blas.Matrix[T]
	labels      []uint8
	index       []int32
	at          int
	eta, lambda []float64
}

func newStepper[T blas.Float](c train.Config, data train.Data[T], nets int) (*stepper[T], error) {
	spec := model.Spec{In: data.Dim, Hidden: c.Hidden, Out: data.Classes, Nets: nets, Eps: c.BNEps, Alpha: c.BNAlpha, MaxRows: c.Batch}
	if c.BN {
		spec.BatchNorm = nets
	}
	net, err := model.New[T](spec)
	if err != nil {
		return nil, err
	}
	s := &stepper[T]{
		net: net, source: data.Train, x: blas.NewSpaced[T](c.Batch, data.Dim), labels: make([]uint8, c.Batch), index: make([]int32, c.Batch),
		eta: make([]float64, nets), lambda: make([]float64, nets),
	}
	for k := range nets {
		if err := net.Init(k, c.Init, c.Sigma, uint64(k+1)); err != nil {
			return nil, err
		}
		// Different rates, as in a search: nothing may depend on their being equal.
		s.eta[k], s.lambda[k] = 1e-3/float64(k+1), c.Lambda/float64(k+1)
	}
	s.gather()
	return s, nil
}

// gather takes images from all over the set, as a shuffled epoch does.
func (s *stepper[T]) gather() {
	n := s.source.Len()
	for i := range s.index {
		s.at = (s.at + 7919) % n
		s.index[i] = int32(s.at)
	}
	s.source.Gather(s.x, s.labels, s.index)
}

func (s *stepper[T]) step() { s.net.Step(s.x, s.labels, s.eta, s.lambda) }

// MeasureStep times a step of nets of c side by side and each product in it.
// When ctx ends, it stops after the round and returns its error.
func MeasureStep[T blas.Float](ctx context.Context, c train.Config, data train.Data[T], nets, rounds int) (Step, []Product, error) {
	s, err := newStepper(c, data, nets)
	if err != nil {
		return Step{}, nil, err
	}
	var calls []blas.Call
	blas.Trace(func(c blas.Call) { calls = append(calls, c) }, s.step)
	tasks := []Task{
		{"step", func() { s.gather(); s.step() }},
		{"gather", s.gather},
		{"forward", func() { s.net.Forward(s.x, model.Train) }},
	}
	products := make([]Product, 0, len(calls))
	for _, c := range calls {
		if c.Name == "Gemm" {
			tasks = append(tasks, gemmTask[T](c))
			products = append(products, Product{Name: tasks[len(tasks)-1].Name, M: c.M, N: c.N, K: c.K})
		}
	}
	seconds, err := Time(ctx, tasks, rounds, 5*time.Millisecond)
	if err != nil {
		return Step{}, nil, err
	}
	st := Step{Nets: nets, Us: 1e6 * seconds[0], GatherUs: 1e6 * seconds[1], ForwardUs: 1e6 * seconds[2], Calls: len(calls)}
	st.BackwardUs = st.Us - st.GatherUs - st.ForwardUs
	for i := range products {
		p := &products[i]
		p.Us = 1e6 * seconds[3+i]
		p.GFlops = 2e-3 * float64(p.M) * float64(p.N) * float64(p.K) / p.Us
		st.GemmUs += p.Us
	}
	for _, c := range calls {
		if c.Name == "Gemm" {
			st.Flops += c.Flops()
		}
	}
	st.Overhead = st.Us / st.GemmUs
	return st, products, nil
}

// gemmTask does a product of the same shape on matrices of its own, the second
// with its rows apart, as a mini-batch has them.
func gemmTask[T blas.Float](c blas.Call) Task {
	operand := func(create func(rows, cols int) blas.Matrix[T], t blas.Transpose, rows, cols int) blas.Matrix[T] {
		if t == blas.Trans {
			rows, cols = cols, rows
		}
		m := create(rows, cols)
		for i := range m.Data {
			m.Data[i] = T(i%7) - 3
		}
		return m
	}
	a, b := operand(blas.New[T], c.TA, c.M, c.K), operand(blas.NewSpaced[T], c.TB, c.K, c.N)
	out := blas.New[T](c.M, c.N)
	letter := func(t blas.Transpose) string {
		if t == blas.Trans {
			return "ᵀ"
		}
		return ""
	}
	return Task{fmt.Sprintf("A%s·B%s", letter(c.TA), letter(c.TB)), func() { blas.Gemm(c.TA, c.TB, 1, a, b, 0, out) }}
}
