package train

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"bnlab/blas"
	"bnlab/model"
	"bnlab/train/message"
)

// progressSteps is how many updates pass between two reports of progress.
const progressSteps = 25

// fit is a running training of nets side by side.
type fit[T blas.Float] struct {
	ctx     context.Context
	configs []Config // in the caller's order
	trial   []int    // trial[k] is the caller's number of net k: those with BN come first
	data    Data[T]
	net     *model.Network[T]
	rec     Recorder
	keep    Checkpointer
	order   *order
	batches *batches[T]

	eta, lambda []float64      // one per net
	x           blas.Matrix[T] // for evaluation
	labels      []uint8
	scores      []model.Score
	measures    []Measure    // of statistics other than the running ones
	evaluator   Evaluator[T] // for these

	done    int       // updates
	stop    int       // updates after which to pause; 0 for never
	paused  []Paused  // in the caller's order
	results []Result  // in the caller's order
	curves  [][]Point // in the caller's order

	mark            time.Time // up to which time is accounted for
	training, evals time.Duration
}

// Fitted holds the nets of a training.
type Fitted[T blas.Float] struct {
	Network *model.Network[T]
	place   []int
}

// Net returns which net of Network belongs to trial i.
func (f Fitted[T]) Net(i int) int { return f.place[i] }

// Fit trains one net for each configuration, all on the same mini-batches, and
// returns their results in the same order. Configurations must share batches
// (CanShareBatches). The results are bit-identical for the same configurations, data
// and backend. A net whose loss becomes NaN or infinite has diverged; the others
// continue. If ctx ends, Fit stops after the current update or evaluation batch and
// returns the error of ctx.
func Fit[T blas.Float](ctx context.Context, configs []Config, data Data[T], rec Recorder) ([]Result, Fitted[T], error) {
	return Resume(ctx, configs, data, rec, Discard)
}

// Resume is Fit for a training that may have been interrupted. It passes its state to
// keep at the end of each epoch, and starts from the latest state that keep restores,
// after passing the points up to there to rec. Results and nets are those of an
// uninterrupted training, except for the time lost.
func Resume[T blas.Float](ctx context.Context, configs []Config, data Data[T], rec Recorder, keep Checkpointer) ([]Result, Fitted[T], error) {
	f, err := newFit(configs, data, rec, keep)
	if err != nil {
		return nil, Fitted[T]{}, err
	}
	if err := f.run(ctx); err != nil {
		return nil, Fitted[T]{}, err
	}
	return f.results, Fitted[T]{f.net, f.place()}, nil
}

func newFit[T blas.Float](configs []Config, data Data[T], rec Recorder, keep Checkpointer) (*fit[T], error) {
	if err := checkFit(configs, data); err != nil {
		return nil, err
	}
	c := configs[0]
	f := &fit[T]{configs: configs, data: data, rec: rec, keep: keep}
	f.order = newOrder(c.orderSeed(), data.Train.Len(), c.Batch)
	f.trial = netOrder(configs)
	f.x, f.labels = blas.NewSpaced[T](EvalRows, data.Dim), make([]uint8, EvalRows)
	f.eta, f.lambda = make([]float64, len(configs)), make([]float64, len(configs))
	f.scores = make([]model.Score, len(configs))
	f.measures = measuresOf(configs)
	f.results, f.curves = make([]Result, len(configs)), make([][]Point, len(configs))
	return f, f.build()
}

// checkFit returns an error if the configurations cannot be trained side by side, or
// not on these data.
func checkFit[T blas.Float](configs []Config, data Data[T]) error {
	if len(configs) == 0 {
		return errors.New("train: no configuration")
	}
	c := configs[0]
	for _, other := range configs {
		if err := other.Validate(); err != nil {
			return err
		}
		if !CanShareBatches(c, other) {
			return errors.New("train: configurations that cannot share mini-batches")
		}
	}
	if n := data.Train.Len(); n < c.Batch {
		return badf("{batch} %d: only %s; give a smaller batch", c.Batch, message.Count(n, "training image"))
	}
	if err := c.Augmentation.checkImages(data.Dim); err != nil {
		return err
	}
	if data.Val.Len() == 0 || !c.NoTest && data.Test.Len() == 0 {
		return errors.New("train: no validation or no test images")
	}
	if bits := blas.Bits[T](); c.Precision.Bits() != bits {
		return fmt.Errorf("train: configuration in %s, data in %d bits", c.Precision, bits)
	}
	return nil
}

// build makes the network and draws its weights.
func (f *fit[T]) build() (err error) {
	if f.net, err = model.New[T](Spec(f.configs, f.data.Dim, f.data.Classes)); err != nil {
		return err
	}
	if rows := measureRows(f.configs); rows > 0 {
		f.evaluator = Evaluator[T]{f.net, f.data.Train, blas.NewSpaced[T](rows, f.data.Dim), make([]uint8, rows)}
	}
	for k, i := range f.trial {
		c := f.configs[i]
		f.lambda[k] = c.Lambda
		if err := f.net.Init(k, c.Init, c.Sigma, c.Seed); err != nil {
			return err
		}
	}
	return nil
}

// run trains to the end, or until all nets have diverged, and evaluates, or to a pause. A
// state that it resumes from is that at the end of an epoch, before the evaluation there.
func (f *fit[T]) run(ctx context.Context) error {
	f.ctx = ctx
	f.keep.Restore(f.restore)
	f.mark = time.Now()
	steps := f.configs[0].Steps()
	f.batches = newBatches(f.data.Train, f.order, f.configs[0].Augmentation, f.givesHalf(), f.data.Dim, f.done, steps, f.data.Prefetch)
	defer f.batches.close()
	for f.stop == 0 || f.done < f.stop {
		if f.evaluates() {
			f.point()
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if f.done == steps {
			break
		}
		if f.done%progressSteps == 0 {
			f.rec.Progress(f.done)
		}
		f.step()
		if f.allDiverged() {
			break
		}
		if err := f.snapshot(); err != nil {
			return err
		}
		if f.done%f.order.perEpoch() == 0 || f.done == steps {
			f.checkpoint()
		}
	}
	f.rec.Progress(f.done)
	if f.stop > 0 {
		f.pause()
	} else {
		f.finish()
	}
	return ctx.Err()
}

// givesHalf reports whether the network may be given mini-batches that are rounded. A probe
// reads them as they are.
func (f *fit[T]) givesHalf() bool {
	probes := slices.ContainsFunc(f.configs, func(c Config) bool { return c.Landscape > 0 })
	return f.configs[0].Precision == BF16 && !probes
}

// evaluates reports whether an evaluation is due: after the first update, and Evals
// times per cycle, as evenly spaced as integers allow, the last at the cycle's end. A
// schedule without cycles has its evaluations where the cycles would be.
func (f *fit[T]) evaluates() bool {
	if f.done <= 1 {
		return f.done == 1
	}
	c := f.configs[0]
	update := f.done - 1 - c.Warmup
	if update < 0 {
		return false
	}
	_, in, ns := c.cycle(update)
	cycle := 2 * ns
	return (in+1)*c.Evals/cycle != in*c.Evals/cycle
}

// step does the next update.
func (f *fit[T]) step() {
	batch := f.batches.at(f.done)
	for k, i := range f.trial {
		f.eta[k] = f.configs[i].Eta(f.done)
	}
	f.probe(batch.x, batch.labels)
	f.done++
	var scores []model.Score
	if batch.half.Rows > 0 {
		scores = f.net.StepHalf(batch.half, batch.labels, f.eta, f.lambda)
	} else {
		scores = f.net.Step(batch.x, batch.labels, f.eta, f.lambda)
	}
	for k, score := range scores {
		r := &f.results[f.trial[k]]
		if !r.Diverged {
			r.Steps = f.done
			r.Diverged = !finite(score.Loss)
		}
	}
}

func (f *fit[T]) allDiverged() bool {
	return !slices.ContainsFunc(f.results, func(r Result) bool { return !r.Diverged })
}
