package bench

import (
	"sync"
	"time"

	"bnlab/blas"
)

// timed is something to time, in three rows of runs that each take atLeast.
type timed struct {
	run     func()
	atLeast time.Duration
	repeats int // runs in a row; 0 before the first time
}

// us returns the microseconds of one run: the median over rows of the mean of a row, so
// that a single interruption does not count.
func (t *timed) us() float64 {
	t.warmUp()
	return median([]float64{t.row(), t.row(), t.row()})
}

// warmUp fills caches and counts how often to repeat, the first time.
func (t *timed) warmUp() {
	if t.repeats > 0 {
		return
	}
	t.run()
	if t.repeats = 1; t.atLeast > 0 {
		t.repeats = max(1, int(t.atLeast.Seconds()*1e6/max(t.row(), 1e-3)))
	}
}

// row returns the microseconds of one of the runs of a row.
func (t *timed) row() float64 {
	start := time.Now()
	for range t.repeats {
		t.run()
	}
	return time.Since(start).Seconds() * 1e6 / float64(t.repeats)
}

// peakSize is the order of the square product that defines the peak.
const peakSize = 2048

// peak holds a large square product for each core.
type peak []*timed

func newPeak[T blas.Float](cores int, half bool) peak {
	p := make(peak, cores)
	for i := range p {
		c := blas.Call{TA: blas.NoTrans, TB: blas.NoTrans, M: peakSize, N: peakSize, K: peakSize, Half: half}
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

// Threads is the cost of a step of one net when a product may use several threads.
type Threads struct {
	Threads int     `json:"threads"`
	Us      float64 `json:"us"`        // microseconds, gathering included
	Faster  float64 `json:"faster_by"` // than with one thread
}

// measureThreads times step with 1, 2, 4, … cores threads per product, and leaves it at
// 1.
func measureThreads(step *timed, cores int) []Threads {
	// Idle OpenBLAS threads spin for some 30 ms before they sleep, on cores that the
	// next measurement may need.
	defer time.Sleep(100 * time.Millisecond)
	defer blas.SetThreads(1)
	var measured []Threads
	for _, n := range doublings(cores) {
		blas.SetThreads(n)
		m := Threads{Threads: n, Us: step.us(), Faster: 1}
		if n > 1 {
			m.Faster = measured[0].Us / m.Us
		}
		measured = append(measured, m)
	}
	return measured
}

// doublings returns 1, 2, 4, … and most.
func doublings(most int) (counts []int) {
	for n := 1; n < most; n *= 2 {
		counts = append(counts, n)
	}
	return append(counts, most)
}
