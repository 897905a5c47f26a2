package bench

import "bnlab/blas"

// Backend is what a step costs with one of the backends that there are, in microseconds,
// gathering included.
type Backend struct {
	Name    string  `json:"name"`
	StepUs  float64 `json:"step_us"`  // of one net
	FusedUs float64 `json:"fused_us"` // of several side by side, for each
}

// backends measures a step with each backend in turn, and leaves the one in use. It has
// nothing to tell where there is no choice: with one backend, and in float64.
func (s *setup[T]) backends() (all []Backend) {
	here, _ := blas.Engines()
	if len(here) < 2 || blas.Bits[T]() != 32 {
		return []Backend{}
	}
	defer s.use(blas.Current().Name)
	for _, backend := range here {
		s.use(backend.Name)
		gather, step, _ := s.single.parts()
		fusedGather, fusedStep, _ := s.fused.parts()
		all = append(all, Backend{backend.Name, gather + step, (fusedGather + fusedStep) / float64(s.plan.Nets)})
	}
	return all
}

// use makes a backend that is there compute.
func (s *setup[T]) use(name string) {
	if name != blas.OneDNN {
		name = "" // the one that is built in
	}
	if err := blas.UseEngine(name); err != nil {
		panic("bench: " + err.Error())
	}
}

// Fastest returns the name of the backend with which nets side by side are trained fastest;
// empty where there is no choice.
func (r Report) Fastest() (name string) {
	least := 0.0
	for _, b := range r.Backends {
		if name == "" || b.FusedUs < least {
			name, least = b.Name, b.FusedUs
		}
	}
	return name
}
