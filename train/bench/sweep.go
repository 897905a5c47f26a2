package bench

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"bnlab/blas"
	"bnlab/model"
	"bnlab/train"
)

// Sweep is the speed of many concurrent trainings. A peak is that of as many cores as
// workers, at once.
type Sweep struct {
	Workers    int     `json:"workers"` // cores at work
	Nets       int     `json:"nets"`    // trained side by side by each worker
	Trials     int     `json:"trials"`
	Images     float64 `json:"images_per_second"`      // of all trials, evaluations included in the time
	Linear     float64 `json:"of_linear"`              // images_per_second over workers times that of one
	Fraction   float64 `json:"fraction_of_peak"`       // products of training and evaluation
	TrainOnly  float64 `json:"train_fraction_of_peak"` // products of training, over its time alone
	Evaluation float64 `json:"evaluation_share"`       // of a worker's time
}

// sweeps are trainings of the same configurations by any number of workers.
type sweeps[T blas.Float] struct {
	configs              []train.Config // of one worker
	data                 train.Data[T]
	training, evaluation float64 // operations in the products of one worker
}

// newSweeps takes the operations in its products from the stepper of as many nets.
func newSweeps[T blas.Float](c train.Config, data train.Data[T], s *stepper[T]) *sweeps[T] {
	configs := make([]train.Config, s.net.Spec.Nets)
	for k := range configs {
		configs[k] = c
		configs[k].Seed = uint64(k + 1)
		configs[k].Lambda = c.Lambda / float64(k+1)
	}
	perImage := flops(func() { s.net.Score(s.x, s.labels, model.Eval) }) / float64(c.Batch)
	return &sweeps[T]{
		configs: configs, data: data,
		training:   flops(s.step) * float64(c.Steps()),
		evaluation: perImage * float64(evaluated(c, data)),
	}
}

// evaluated counts the images that the evaluations of a training take.
func evaluated[T blas.Float](c train.Config, data train.Data[T]) int {
	subset := data.Train.Len()
	if c.EvalTrain > 0 {
		subset = min(subset, c.EvalTrain)
	}
	points := 1 + c.Evals*c.Cycles
	images := points*(subset+data.Val.Len()) + data.Train.Len() + data.Val.Len()
	if !c.NoTest {
		images += data.Test.Len()
	}
	return images
}

// measure trains the configurations once on each of that many workers at the same time,
// and compares with the peak of all of them, in GFLOP/s.
func (s *sweeps[T]) measure(ctx context.Context, workers int, peak float64) (Sweep, error) {
	var all sync.WaitGroup
	results, errs := make([][]train.Result, workers), make([]error, workers)
	start := time.Now()
	for i := range workers {
		all.Go(func() { results[i], _, errs[i] = train.Fit(ctx, s.configs, s.data, train.Discard) })
	}
	all.Wait()
	wall := time.Since(start).Seconds()
	for _, err := range errs {
		if err != nil {
			return Sweep{}, err
		}
	}
	if !slices.ContainsFunc(results[0], func(r train.Result) bool { return !r.Diverged }) {
		return Sweep{}, &DivergedError{s.configs[0].WhyDiverged(results[0][0].Steps)}
	}
	training, evaluation := seconds(results)
	c, m := s.configs[0], Sweep{Workers: workers, Nets: len(s.configs), Trials: workers * len(s.configs)}
	m.Images = float64(m.Trials*c.Steps()*c.Batch) / wall
	m.Fraction = float64(workers) * (s.training + s.evaluation) / wall / 1e9 / peak
	m.TrainOnly = float64(workers) * s.training / (training / float64(workers)) / 1e9 / peak
	m.Evaluation = evaluation / (training + evaluation)
	return m, nil
}

// DivergedError is the error of a training that ended early, so that its speed means
// nothing.
type DivergedError struct{ Cause train.Cause }

func (e *DivergedError) Error() string {
	return fmt.Sprintf("the training diverged (%s), so it ended early and its speed says nothing", e.Cause)
}

// seconds sums those of all results.
func seconds(results [][]train.Result) (training, evaluation float64) {
	for _, worker := range results {
		for _, r := range worker {
			training += r.TrainSeconds
			evaluation += r.EvalSeconds
		}
	}
	return training, evaluation
}
