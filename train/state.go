package train

import (
	"encoding/binary"
	"fmt"
	"slices"
	"time"

	"bnlab/blas"
)

// place returns the net index of each trial, in the caller's order.
func (f *fit[T]) place() []int {
	place := make([]int, len(f.trial))
	for k, i := range f.trial {
		place[i] = k
	}
	return place
}

// checkpoint passes the state at the end of an epoch to the Checkpointer.
func (f *fit[T]) checkpoint() {
	f.net.Params() // looking at them rounds some: done whether or not they are kept
	if f.keep != Discard {
		f.keep.Keep(f.state())
	}
}

// state returns the training as it is, at the end of an epoch.
func (f *fit[T]) state() State {
	f.lap(&f.training)
	f.tellSeconds()
	all := make([]int, len(f.configs))
	for i := range all {
		all[i] = i
	}
	return f.stateOf(all...)
}

// stateOf returns the part of the state that belongs to some trials.
func (f *fit[T]) stateOf(trials ...int) State {
	s := State{Steps: f.done, Numbers: make([]byte, 0, f.size()/len(f.trial)*len(trials))}
	place := f.place()
	for _, i := range trials {
		s.Results = append(s.Results, f.results[i])
		s.Results[len(s.Results)-1].Landscape = slices.Clip(f.results[i].Landscape)
		s.Curves = append(s.Curves, slices.Clip(f.curves[i]))
		for _, numbers := range f.net.State(place[i]) {
			s.Numbers, _ = binary.Append(s.Numbers, binary.LittleEndian, numbers)
		}
	}
	return s
}

// size returns the bytes of Numbers.
func (f *fit[T]) size() (n int) {
	for k := range f.trial {
		for _, numbers := range f.net.State(k) {
			n += len(numbers) * blas.Bits[T]() / 8
		}
	}
	return n
}

// restore goes back to s, or returns an error and changes nothing if s is not
// the state of such a training.
func (f *fit[T]) restore(s State) error {
	steps, trials := f.configs[0].Steps(), len(f.configs)
	switch {
	case f.stop > 0 && s.Steps > f.stop:
		return nil // which is no fault of it
	case s.Steps < 1 || s.Steps > steps || s.Steps%f.order.perEpoch() != 0 && s.Steps != steps:
		return fmt.Errorf("after step %d, where no epoch ends", s.Steps)
	case len(s.Results) != trials || len(s.Curves) != trials:
		return fmt.Errorf("%d results and %d curves of %d trials", len(s.Results), len(s.Curves), trials)
	case len(s.Numbers) != f.size():
		return fmt.Errorf("%d bytes of parameters, want %d", len(s.Numbers), f.size())
	}
	numbers := s.Numbers
	for _, k := range f.place() {
		for _, into := range f.net.State(k) {
			n, _ := binary.Decode(numbers, binary.LittleEndian, into)
			numbers = numbers[n:]
		}
	}
	f.net.SetUpdates(int64(s.Steps))
	f.done, f.results, f.curves = s.Steps, slices.Clone(s.Results), slices.Clone(s.Curves)
	f.training, f.evals = 0, 0
	for _, r := range s.Results {
		f.training += seconds(r.TrainSeconds)
		f.evals += seconds(r.EvalSeconds)
	}
	f.rec.Progress(f.done)
	for i, curve := range f.curves {
		for _, p := range curve {
			f.rec.Point(i, p)
		}
	}
	return nil
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// tellSeconds divides the time spent so far among the results.
func (f *fit[T]) tellSeconds() {
	share := float64(len(f.trial))
	for i := range f.results {
		f.results[i].TrainSeconds = f.training.Seconds() / share
		f.results[i].EvalSeconds = f.evals.Seconds() / share
	}
}

// lap adds the time since the last lap to sum.
func (f *fit[T]) lap(sum *time.Duration) {
	now := time.Now()
	*sum += now.Sub(f.mark)
	f.mark = now
}
