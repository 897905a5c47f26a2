package bench

import (
	"sync"

	"bnlab/blas"
)

// peakSize is the order of the square product that defines the peak.
const peakSize = 2048

// peak holds a large square product for each core.
type peak []*timed

func newPeak[T blas.Float](cores int) peak {
	p := make(peak, cores)
	for i := range p {
		c := blas.Call{TA: blas.NoTrans, TB: blas.NoTrans, M: peakSize, N: peakSize, K: peakSize}
		p[i] = &timed{run: gemm[T](c, 0, true)}
	}
	p.each(cores, func(i int) { p[i].warmUp() }) // all of them, so that none does while others are timed
	return p
}

// gflops returns the total GFLOP/s of the product on each of that many cores at once:
// with one thread each, if the library can be told.
func (p peak) gflops(cores int) (sum float64) {
	us := make([]float64, cores)
	p.each(cores, func(i int) { us[i] = p[i].us() })
	for _, us := range us {
		sum += 2e-3 * peakSize * peakSize * peakSize / us
	}
	return sum
}

// each calls do for the number of each of so many products, at once.
func (p peak) each(cores int, do func(i int)) {
	var all sync.WaitGroup
	for i := range cores {
		all.Go(func() { do(i) })
	}
	all.Wait()
}
