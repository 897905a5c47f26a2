package bench

import (
	"time"

	"bnlab/blas"
)

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
