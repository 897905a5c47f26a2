package bench

import (
	"context"
	"sync"
	"time"

	"bnlab/blas"
)

// peakSize is the order of the square product that stands for the peak.
const peakSize = 2048

// Peak returns the GFLOP/s of a large square product on each of workers cores at
// once, one thread each, summed; the median over rounds. When ctx ends, Peak stops
// after the round and returns its error.
func Peak[T blas.Float](ctx context.Context, workers, rounds int) (float64, error) {
	rates := make([]float64, rounds)
	tasks := make([]Task, workers)
	for i := range tasks {
		tasks[i] = gemmTask[T](blas.Call{TA: blas.NoTrans, TB: blas.NoTrans, M: peakSize, N: peakSize, K: peakSize})
	}
	for r := range rates {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		var each sync.WaitGroup
		seconds := make([]float64, workers)
		for i := range workers {
			each.Go(func() {
				start := time.Now()
				tasks[i].Run()
				tasks[i].Run()
				seconds[i] = time.Since(start).Seconds() / 2
			})
		}
		each.Wait()
		for _, s := range seconds {
			rates[r] += 2 * peakSize * peakSize * peakSize / s / 1e9
		}
	}
	return median(rates), nil
}
