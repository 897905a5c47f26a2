package bench

import (
	"context"
	"slices"
	"time"

	"bnlab/blas"
	"bnlab/model"
	"bnlab/train"
)

// Step is the cost of a training step, in microseconds for all nets together. The
// update has no separate time: θ ← θ − η·∂J/∂θ is the alpha and beta of the products of
// the backward pass (package model).
type Step struct {
	Nets       int     `json:"nets"`             // trained side by side
	Us         float64 `json:"us"`               // the whole step, gathering included
	GatherUs   float64 `json:"gather_us"`        // mini-batch from bytes to standardised rows
	ForwardUs  float64 `json:"forward_us"`       // forward pass
	BackwardUs float64 `json:"backward_us"`      // the rest: loss, backward pass and update
	EvaluateUs float64 `json:"evaluate_us"`      // evaluation of as many images as a mini-batch has; no part of a step
	GemmUs     float64 `json:"gemm_us"`          // the step's own products, timed alone
	Overhead   float64 `json:"overhead"`         // us/gemm_us
	Fraction   float64 `json:"fraction_of_peak"` // the step's products, over its time
	Calls      int     `json:"calls"`            // products and passes
	Flops      float64 `json:"flops"`            // of the products
}

// stepper does training steps of nets on mini-batches of the training set.
type stepper[T blas.Float] struct {
	net         *model.Network[T]
	source      train.Source[T]
	x           blas.Matrix[T]         // a mini-batch
	half        blas.Matrix[blas.Half] // in place of x, where the network is given it rounded
	labels      []uint8
	index       []int32
	at          int
	eta, lambda []float64 // one per net

	evaluation *timed
	evaluated  int // images
	shapes     []shape
	calls      int // products and passes of a step
}

func newStepper[T blas.Float](c train.Config, data train.Data[T], nets int) (*stepper[T], error) {
	net, err := model.New[T](train.Spec(slices.Repeat([]train.Config{c}, nets), data.Dim, data.Classes))
	if err != nil {
		return nil, err
	}
	s := &stepper[T]{
		net: net, source: data.Train, x: blas.NewSpaced[T](c.Batch, data.Dim), labels: make([]uint8, c.Batch), index: make([]int32, c.Batch),
		eta: make([]float64, nets), lambda: make([]float64, nets),
	}
	if _, ok := data.Train.(train.HalfSource); ok && c.Precision == train.BF16 {
		s.half = blas.New[blas.Half](blas.HalfDepth(c.Batch), data.Dim)
	}
	for k := range nets {
		if err := net.Init(k, c.Init, c.Sigma, uint64(k+1)); err != nil {
			return nil, err
		}
		// Different rates, as in a search: nothing may depend on their being equal.
		s.eta[k], s.lambda[k] = 1e-3/float64(k+1), c.Lambda/float64(k+1)
	}
	s.gather()
	calls, width := trace(s.step), data.Classes // units of layer 1
	if len(c.Hidden) > 0 {
		width = c.Hidden[0]
	}
	s.calls, s.shapes = len(calls), shapesOf[T](calls, net.Spec, nets*width*c.Batch, nets*width*data.Dim)
	s.prepareEvaluation()
	return s, nil
}

func (s *stepper[T]) prepareEvaluation() {
	s.evaluated = min(train.EvalRows, s.source.Len())
	x, labels, scores := blas.NewSpaced[T](train.EvalRows, s.x.Cols), make([]uint8, train.EvalRows), make([]model.Score, s.net.Spec.Nets)
	s.evaluation = &timed{atLeast: 10 * time.Millisecond, run: func() {
		train.Evaluate(context.Background(), s.net, s.source, s.evaluated, x, labels, scores)
	}}
}

// gather takes images from all over the set, like a shuffled epoch.
func (s *stepper[T]) gather() {
	n := s.source.Len()
	for i := range s.index {
		s.at = (s.at + 7919) % n
		s.index[i] = int32(s.at)
	}
	if s.half.Rows > 0 {
		s.source.(train.HalfSource).GatherHalf(s.half.RowBlock(0, len(s.index)), s.labels, s.index)
	} else {
		s.source.Gather(s.x, s.labels, s.index)
	}
}

func (s *stepper[T]) step() {
	if s.half.Rows > 0 {
		s.net.StepHalf(s.half, s.labels, s.eta, s.lambda)
	} else {
		s.net.Step(s.x, s.labels, s.eta, s.lambda)
	}
}

func (s *stepper[T]) forward() {
	if s.half.Rows > 0 {
		s.net.ForwardHalf(s.half, len(s.labels), model.Train)
	} else {
		s.net.Forward(s.x, model.Train)
	}
}

func (s *stepper[T]) gatherAndStep() { s.gather(); s.step() }

// parts returns the microseconds of gathering, of the following step, and of another
// forward pass, medians of a row. All three alternate, so that the step minus its
// forward pass does not compare different moments.
func (s *stepper[T]) parts() (gather, step, forward float64) {
	s.gatherAndStep() // warms caches up
	var gathers, steps, forwards []float64
	us := func(d time.Duration) float64 { return 1e6 * d.Seconds() }
	for begin := time.Now(); len(steps) == 0 || time.Since(begin) < 50*time.Millisecond; {
		start := time.Now()
		s.gather()
		gathered := time.Now()
		s.step()
		stepped := time.Now()
		s.forward()
		gathers = append(gathers, us(gathered.Sub(start)))
		steps = append(steps, us(stepped.Sub(gathered)))
		forwards = append(forwards, us(time.Since(stepped)))
	}
	return median(gathers), median(steps), median(forwards)
}

// measure times a step, its parts and each of its products, and compares with the
// peak of a core, in GFLOP/s.
func (s *stepper[T]) measure(peak float64) (Step, []Product) {
	gather, step, forward := s.parts()
	m := Step{Nets: s.net.Spec.Nets, Calls: s.calls, Us: gather + step, GatherUs: gather, ForwardUs: forward, BackwardUs: step - forward}
	m.EvaluateUs = s.evaluation.us() * float64(s.x.Rows) / float64(s.evaluated)
	products := make([]Product, 0, len(s.shapes))
	for _, shape := range s.shapes {
		p := shape.measure()
		m.GemmUs += float64(p.Calls) * p.Us
		m.Flops += float64(p.Calls) * p.flops()
		products = append(products, p)
	}
	m.Overhead = m.Us / m.GemmUs
	m.Fraction = m.Flops / m.Us / 1e3 / peak
	return m, products
}
