package experiment

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"

	"bnlab/blas"
	"bnlab/train"
)

// Data gives the data set in the precision asked for. Both may be called by
// several goroutines at once.
type Data struct {
	F32 func() train.Data[float32]
	F64 func() train.Data[float64]
}

// Outcome is what became of a trial.
type Outcome struct {
	Trial  Trial         `json:"trial"`
	Result train.Result  `json:"result"`
	Error  string        `json:"error,omitempty"` // why it failed; empty when it did not
	Curve  []train.Point `json:"-"`
}

// Observer watches a run. Its methods are called by several goroutines at once.
type Observer interface {
	Start(trials []Trial)               // a unit begins to train
	Progress(trials []Trial, steps int) // a unit has done as many updates
	Point(trial Trial, p train.Point)   // a trial was evaluated
	Done(outcomes []Outcome)            // a unit has ended
}

// Runner trains the trials of a plan.
type Runner struct {
	Workers  int // units in training at once
	Data     Data
	Observer Observer
}

// Run trains all trials of the plan and returns their outcomes in the plan's
// order. A trial that fails does not stop the others. When ctx ends, Run stops
// within some updates and returns the outcomes so far, those without a trial
// missing, and the error of ctx.
func (r Runner) Run(ctx context.Context, plan *Plan) ([]Outcome, error) {
	outcomes := make([]Outcome, len(plan.Trials))
	queue := make(chan []int)
	var workers sync.WaitGroup
	for range r.Workers {
		workers.Go(func() {
			for unit := range queue {
				r.unit(ctx, plan, unit, outcomes)
			}
		})
	}
	for _, unit := range plan.Units() {
		select {
		case queue <- unit:
		case <-ctx.Done():
		}
	}
	close(queue)
	workers.Wait()
	return outcomes, ctx.Err()
}

// unit trains the trials of one unit side by side and stores their outcomes.
func (r Runner) unit(ctx context.Context, plan *Plan, unit []int, outcomes []Outcome) {
	rec := &recorder{observer: r.Observer, curves: make([][]train.Point, len(unit))}
	configs := make([]train.Config, len(unit))
	for j, i := range unit {
		rec.trials = append(rec.trials, plan.Trials[i])
		configs[j] = plan.Trials[i].Config
	}
	r.Observer.Start(rec.trials)
	results, err := r.fit(ctx, configs, rec)
	if err != nil && ctx.Err() != nil {
		return // interrupted, not failed
	}
	done := make([]Outcome, len(unit))
	for j := range unit {
		done[j] = Outcome{Trial: rec.trials[j], Curve: rec.curves[j]}
		if err != nil {
			done[j].Error = err.Error()
		} else {
			done[j].Result = results[j]
		}
		outcomes[unit[j]] = done[j]
	}
	r.Observer.Done(done)
}

// fit trains in the precision of the configurations. A panic becomes an error
// with its stack, so that it costs a unit and not the run.
func (r Runner) fit(ctx context.Context, configs []train.Config, rec train.Recorder) (results []train.Result, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	if configs[0].Precision == train.F64 {
		return fit(ctx, configs, r.Data.F64(), rec)
	}
	return fit(ctx, configs, r.Data.F32(), rec)
}

func fit[T blas.Float](ctx context.Context, configs []train.Config, data train.Data[T], rec train.Recorder) ([]train.Result, error) {
	results, _, err := train.Fit(ctx, configs, data, rec)
	return results, err
}

// recorder keeps the curves of a unit and passes everything on.
type recorder struct {
	trials   []Trial
	observer Observer
	curves   [][]train.Point
}

func (r *recorder) Progress(steps int) { r.observer.Progress(r.trials, steps) }

func (r *recorder) Point(trial int, p train.Point) {
	r.curves[trial] = append(r.curves[trial], p)
	r.observer.Point(r.trials[trial], p)
}

// ErrFailed is what Failed returns when trials failed.
var ErrFailed = errors.New("trials failed")

// Failed returns an error that names the trials that failed, nil when none did.
func Failed(outcomes []Outcome) error {
	var names []string
	for _, o := range outcomes {
		if o.Error != "" {
			names = append(names, o.Trial.ID)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return fmt.Errorf("%w: %v", ErrFailed, names)
}
