package bench

import (
	"context"
	"time"

	"bnlab/blas"
	"bnlab/train"
)

// Threads is what a step costs when a product may use several threads.
type Threads struct {
	Threads int     `json:"threads"`
	Us      float64 `json:"us"` // microseconds, gathering included, median over rounds
}

// MeasureThreads times a step of one net of c with 1, 2, 4, … most threads a
// product, and leaves it at 1. When ctx ends, it stops after the round and returns
// its error.
func MeasureThreads[T blas.Float](ctx context.Context, c train.Config, data train.Data[T], most, rounds int) ([]Threads, error) {
	s, err := newStepper(c, data, 1)
	if err != nil {
		return nil, err
	}
	defer blas.SetThreads(1)
	var measured []Threads
	var tasks []Task
	for n := 1; ; n = min(2*n, most) {
		measured = append(measured, Threads{Threads: n})
		tasks = append(tasks, Task{"step", func() { blas.SetThreads(n); s.gather(); s.step() }})
		if n >= most {
			break
		}
	}
	seconds, err := Time(ctx, tasks, rounds, 50*time.Millisecond)
	if err != nil {
		return nil, err
	}
	for i := range measured {
		measured[i].Us = 1e6 * seconds[i]
	}
	return measured, nil
}
