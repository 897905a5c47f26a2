package train

import (
	"context"
	"fmt"
	"slices"

	"bnlab/blas"
	"bnlab/train/message"
)

// Pause is Resume up to the end of an epoch, the epochs-th, before that of the training.
// The evaluation there leaves no trace: a training that goes on from the state has the
// bits of one that never stopped.
func Pause[T blas.Float](ctx context.Context, configs []Config, data Data[T], rec Recorder, keep Checkpointer, epochs int) ([]Paused, error) {
	f, err := newFit(configs, data, rec, keep)
	if err != nil {
		return nil, err
	}
	if err := configs[0].CanPause(epochs, data.Train.Len()); err != nil {
		return nil, err
	}
	f.stop = epochs * f.order.perEpoch()
	if err := f.run(ctx); err != nil {
		return nil, err
	}
	return f.paused, nil
}

// CanPause returns an error if a training on so many images has ended by the end of that
// epoch.
func (c Config) CanPause(epochs, images int) error {
	perEpoch := max(1, images/c.Batch)
	if has := float64(c.Steps()) / float64(perEpoch); epochs < 1 || float64(epochs) >= has {
		return configError{fmt.Errorf("a rung at %s of a training of %.4g: it must come before the end", message.Count(epochs, "epoch"), has)}
	}
	return nil
}

// pause evaluates the nets on the validation images and splits the state. It does not
// judge: whether a training has diverged is found where it is found without a pause.
func (f *fit[T]) pause() {
	f.lap(&f.training)
	scores := f.evaluate(f.data.Val, 0)
	f.lap(&f.evals)
	f.tellSeconds()
	for i, k := range f.place() {
		p := Paused{State: f.stateOf(i), Result: f.results[i]}
		p.Result.Mixed = f.net.Mixed(f.configs[0].Batch)
		if finite(scores[k].MeanLoss()) {
			p.ValAcc = scores[k].Accuracy()
		}
		f.paused = append(f.paused, p)
	}
}

// Join returns the state of trainings side by side that have each reached the same step.
func Join(states []State) State {
	s := State{Steps: states[0].Steps}
	for _, one := range states {
		s.Results = slices.Concat(s.Results, one.Results)
		s.Curves = slices.Concat(s.Curves, one.Curves)
		s.Numbers = append(s.Numbers, one.Numbers...)
	}
	return s
}
