// Package bench measures what determines the project's speed: the products at their
// peak and at the shapes in use, a training step and its parts, trainings side by side,
// and parallel workers.
//
// On a shared machine only numbers taken within a second or so of each other are
// comparable. So each round measures everything once, briefly, and ratios are taken
// within a round. The result holds medians over the rounds, with the lowest and highest
// values.
package bench

import (
	"context"
	"slices"
	"time"

	"bnlab/blas"
	"bnlab/train"
)

// Plan says what to measure.
type Plan struct {
	Config  train.Config // of every training
	Nets    int          // trained side by side by a worker
	Workers int          // cores at work in the sweep: 1, 2, 4, … up to these
	Cores   int          // threads of a product: 1, 2, 4, … up to these
	Rounds  int
}

// Report is what one round measures.
type Report struct {
	Peak    float64   `json:"gemm_peak_gflops"`     // of one core alone
	PeakAll float64   `json:"gemm_peak_all_gflops"` // of all workers at once
	Shapes  []Product `json:"shapes"`               // products of both steps
	Step    Step      `json:"step"`                 // of one net
	Fused   Step      `json:"fused_step"`           // of several side by side
	Gain    float64   `json:"fusing_gain"`          // time of as many steps of one net over that of a fused step
	Images  float64   `json:"images_per_second"`    // of one net on one core
	Threads []Threads `json:"threads"`              // a step of one net, its products on 1 … all cores
	Scaling []Sweep   `json:"scaling"`              // 1 … all workers
	Sweep   Sweep     `json:"sweep"`                // all workers

	Backends []Backend `json:"backends"` // a step with each backend and precision; empty where there is one backend
}

// Result is what all rounds measured, number by number.
type Result struct {
	Median Report
	Low    Report // the lowest of each
	High   Report // the highest of each
}

// Measure runs the rounds of a plan. BLAS must be set to one thread, and is left so. If
// ctx ends, Measure stops soon and returns its error.
func Measure[T blas.Float](ctx context.Context, plan Plan, data train.Data[T]) (Result, error) {
	if err := ctx.Err(); err != nil {
		return Result{}, err
	}
	s, err := newSetup(plan, data)
	if err != nil {
		return Result{}, err
	}
	var rounds []Report
	for range plan.Rounds {
		if err := ctx.Err(); err != nil {
			return Result{}, err
		}
		r, err := s.round(ctx)
		if err != nil {
			return Result{}, err
		}
		rounds = append(rounds, r)
	}
	return Result{
		Median: aggregate(rounds, median),
		Low:    aggregate(rounds, slices.Min[[]float64]),
		High:   aggregate(rounds, slices.Max[[]float64]),
	}, nil
}

// setup is what is made once for all rounds.
type setup[T blas.Float] struct {
	plan          Plan
	peak          peak
	single, fused *stepper[T]
	threaded      *timed // a step of one net
	sweeps        *sweeps[T]
	rivals        []rival[T]
}

func newSetup[T blas.Float](plan Plan, data train.Data[T]) (*setup[T], error) {
	single, err := newStepper(plan.Config, data, 1)
	if err != nil {
		return nil, err
	}
	fused, err := newStepper(plan.Config, data, plan.Nets)
	if err != nil {
		return nil, err
	}
	rivals, err := rivals(plan, data)
	if err != nil {
		return nil, err
	}
	return &setup[T]{
		plan: plan, rivals: rivals, peak: newPeak[T](plan.Workers, plan.Config.Precision == train.BF16), single: single, fused: fused,
		threaded: &timed{run: single.gatherAndStep, atLeast: 20 * time.Millisecond},
		sweeps:   newSweeps(plan.Config, data, fused),
	}, nil
}

// round measures everything once. Things to compare are measured close together.
func (s *setup[T]) round(ctx context.Context) (r Report, err error) {
	var fused []Product
	r.Peak = s.peak.gflops(1)
	r.Step, r.Shapes = s.single.measure(r.Peak)
	r.Fused, fused = s.fused.measure(r.Peak)
	r.Shapes = append(r.Shapes, fused...)
	r.Gain = float64(s.plan.Nets) * r.Step.Us / r.Fused.Us
	r.Images = 1e6 * float64(s.plan.Config.Batch) / r.Step.Us

	r.PeakAll = r.Peak
	for _, workers := range doublings(s.plan.Workers) {
		if workers > 1 {
			r.PeakAll = s.peak.gflops(workers)
		}
		if r.Sweep, err = s.sweeps.measure(ctx, workers, r.PeakAll); err != nil {
			return r, err
		}
		r.Sweep.Linear = 1
		if workers > 1 {
			r.Sweep.Linear = r.Sweep.Images / (float64(workers) * r.Scaling[0].Images)
		}
		r.Scaling = append(r.Scaling, r.Sweep)
	}
	r.Threads = measureThreads(s.threaded, s.plan.Cores)
	r.Backends = s.backends()
	return r, nil
}
