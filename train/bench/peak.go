package bench

import (
	"sync"

	"bnlab/blas"
)

// peakSize is the order of the square product that stands for the peak.
const peakSize = 2048

// peak holds a large square product for each core.
type peak []*timed

func newPeak[T blas.Float](cores int) peak {
	p := make(peak, cores)
	for i := range p {
		c := blas.Call{TA: blas.NoTrans, TB: blas.NoTrans, M: peakSize, N: peakSize, K: peakSize}
		p[i] = &timed{run: gemm[T](c, 0, true)}
	}
	p.gflops(cores) // the first time warms up: all of them, so that none does while others are timed
	return p
}

// gflops returns the GFLOP/s of the product on each of so many cores at once, summed:
// one thread each, where the library can be told.
func (p peak) gflops(cores int) (sum float64) {
	var all sync.WaitGroup
	rates := make([]float64, cores)
	for i := range rates {
		all.Go(func() { rates[i] = 2e-3 * peakSize * peakSize * peakSize / p[i].us() })
	}
	all.Wait()
	for _, rate := range rates {
		sum += rate
	}
	return sum
}
