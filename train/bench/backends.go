package bench

import (
	"bnlab/blas"
	"bnlab/train"
)

// Backend is what a step costs with one of the backends that there are, in float32 or with
// operands in bfloat16, in microseconds, gathering included.
type Backend struct {
	Name      string          `json:"name"`
	Precision train.Precision `json:"precision"`
	StepUs    float64         `json:"step_us"`  // of one net
	FusedUs   float64         `json:"fused_us"` // of several side by side, for each
}

// rival does steps with one backend in one precision.
type rival[T blas.Float] struct {
	backend       string
	precision     train.Precision
	single, fused *stepper[T]
}

// rivals returns those to compare: none where there is no choice, with one backend and in float64.
func rivals[T blas.Float](plan Plan, data train.Data[T]) (all []rival[T], err error) {
	here, _ := blas.Engines()
	if len(here) < 2 || plan.Config.Precision == train.F64 {
		return nil, nil
	}
	defer use(blas.Current().Name)
	for _, p := range []train.Precision{train.F32, train.BF16} {
		for _, backend := range here {
			use(backend.Name)
			c := plan.Config
			c.Precision = p
			r := rival[T]{backend: backend.Name, precision: p}
			if r.single, err = newStepper(c, data, 1); err != nil {
				return nil, err
			}
			if r.fused, err = newStepper(c, data, plan.Nets); err != nil {
				return nil, err
			}
			all = append(all, r)
		}
	}
	return all, nil
}

// backends measures a step with each backend in each precision in turn, and leaves the one
// in use.
func (s *setup[T]) backends() []Backend {
	all := []Backend{}
	defer use(blas.Current().Name)
	for _, r := range s.rivals {
		use(r.backend)
		gather, step, _ := r.single.parts()
		fusedGather, fusedStep, _ := r.fused.parts()
		all = append(all, Backend{r.backend, r.precision, gather + step, (fusedGather + fusedStep) / float64(s.plan.Nets)})
	}
	return all
}

// use makes a backend that is there compute.
func use(name string) {
	if name != blas.OneDNN {
		name = "" // the one that is built in
	}
	if err := blas.UseEngine(name); err != nil {
		panic("bench: " + err.Error())
	}
}

// Fastest returns the backend with which nets side by side are trained fastest in a
// precision; false where there is no choice.
func (r Report) Fastest(p train.Precision) (fastest Backend, found bool) {
	for _, b := range r.Backends {
		if b.Precision == p && (!found || b.FusedUs < fastest.FusedUs) {
			fastest, found = b, true
		}
	}
	return fastest, found
}
