package bench

import (
	"context"
	"sync"
	"time"

	"bnlab/blas"
	"bnlab/train"
)

// Sweep is how fast many trainings go together.
type Sweep struct {
	Workers   int     `json:"workers"` // cores at work
	Nets      int     `json:"nets"`    // trained side by side by each worker
	Trials    int     `json:"trials"`
	Images    float64 `json:"images_per_second"`      // of all trials, evaluations included in the time
	PerHour   float64 `json:"trials_per_hour"`        // of the whole schedule of the configuration
	Fraction  float64 `json:"fraction_of_peak"`       // products of training and evaluation
	TrainOnly float64 `json:"train_fraction_of_peak"` // products of training, over its time alone
}

// MeasureSweep trains workers units of nets trials of c side by side, steps
// updates each, with evaluations as often as c has them, and compares with the
// peak of each worker's core, in GFLOP/s. It returns the median over rounds.
func MeasureSweep[T blas.Float](ctx context.Context, c train.Config, data train.Data[T], workers, nets, rounds int, peak float64) (Sweep, error) {
	configs := make([]train.Config, nets)
	for k := range configs {
		configs[k] = c
		configs[k].Seed = uint64(k + 1)
		configs[k].Lambda = c.Lambda / float64(k+1)
	}
	training, evaluation, err := flops(c, data, nets)
	if err != nil {
		return Sweep{}, err
	}
	var walls, trains []float64
	for range rounds {
		wall, train, err := together(ctx, configs, data, workers)
		if err != nil {
			return Sweep{}, err
		}
		walls, trains = append(walls, wall), append(trains, train)
	}
	wall, alone := median(walls), median(trains)
	s := Sweep{Workers: workers, Nets: nets, Trials: workers * nets}
	s.Images = float64(s.Trials*c.Steps()*c.Batch) / wall
	s.PerHour = 3600 * float64(s.Trials) / wall
	s.Fraction = (training + evaluation) / wall / 1e9 / peak
	s.TrainOnly = training / alone / 1e9 / peak
	return s, nil
}

// together runs one Fit on each worker and returns the seconds until all were
// done, and the mean seconds spent on updates.
func together[T blas.Float](ctx context.Context, configs []train.Config, data train.Data[T], workers int) (wall, training float64, err error) {
	var all sync.WaitGroup
	seconds, errs := make([]float64, workers), make([]error, workers)
	start := time.Now()
	for i := range workers {
		all.Go(func() {
			results, _, err := train.Fit(ctx, configs, data, train.Discard)
			errs[i] = err
			for _, r := range results {
				seconds[i] += r.TrainSeconds
			}
		})
	}
	all.Wait()
	wall = time.Since(start).Seconds()
	for i := range workers {
		if errs[i] != nil {
			return 0, 0, errs[i]
		}
		training += seconds[i] / float64(workers)
	}
	return wall, training, nil
}

// flops counts those of the products of a whole training of nets side by side,
// and of its evaluations.
func flops[T blas.Float](c train.Config, data train.Data[T], nets int) (training, evaluation float64, err error) {
	s, err := newStepper(c, data, nets)
	if err != nil {
		return 0, 0, err
	}
	sum := 0.0
	count := func(call blas.Call) { sum += call.Flops() }
	blas.Trace(count, s.step)
	training = sum * float64(c.Steps())
	sum = 0
	blas.Trace(count, func() { s.net.Score(s.x, s.labels, 0) })
	perImage := sum / float64(c.Batch)
	subset := data.Train.Len()
	if c.EvalTrain > 0 {
		subset = min(subset, c.EvalTrain)
	}
	points := 1 + c.Evals*c.Cycles
	images := points*(subset+data.Val.Len()) + data.Train.Len() + data.Val.Len()
	if !c.NoTest {
		images += data.Test.Len()
	}
	return training, perImage * float64(images), nil
}
