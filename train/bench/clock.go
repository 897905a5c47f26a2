// Package bench measures what the project's speed rests on: the products at
// their peak and at the shapes in use, a training step and its parts, trainings
// side by side, and workers side by side.
package bench

import (
	"context"
	"slices"
	"time"
)

// Task is something to time.
type Task struct {
	Name string
	Run  func() // does the work once
}

// Time runs the tasks one after the other, rounds times over, and returns the
// median seconds of each. On a machine that does other things too only numbers of
// one call to Time compare with one another. A task runs as often in a round as
// atLeast takes. When ctx ends, Time stops after the round and returns its error.
func Time(ctx context.Context, tasks []Task, rounds int, atLeast time.Duration) ([]float64, error) {
	repeats := make([]int, len(tasks))
	for i, t := range tasks {
		t.Run() // warm up
		start := time.Now()
		t.Run()
		repeats[i] = max(1, int(atLeast/max(time.Since(start), time.Nanosecond)))
	}
	seconds := make([][]float64, len(tasks))
	for range rounds {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for i, t := range tasks {
			start := time.Now()
			for range repeats[i] {
				t.Run()
			}
			seconds[i] = append(seconds[i], time.Since(start).Seconds()/float64(repeats[i]))
		}
	}
	medians := make([]float64, len(tasks))
	for i := range tasks {
		medians[i] = median(seconds[i])
	}
	return medians, nil
}

func median(values []float64) float64 {
	slices.Sort(values)
	n := len(values)
	return (values[(n-1)/2] + values[n/2]) / 2
}
