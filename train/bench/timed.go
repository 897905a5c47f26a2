package bench

import "time"

// timed is something to time, as often in a row as atLeast takes.
type timed struct {
	run     func()
	atLeast time.Duration
	repeats int // 0 before the first time
}

// us returns the microseconds of one run, the mean of a row of them.
func (t *timed) us() float64 {
	if t.repeats == 0 {
		t.run() // warms caches up
		t.repeats = max(1, int(t.atLeast/max(t.row(1), time.Nanosecond)))
	}
	return t.row(t.repeats).Seconds() * 1e6 / float64(t.repeats)
}

// row returns the time of n runs.
func (t *timed) row(n int) time.Duration {
	start := time.Now()
	for range n {
		t.run()
	}
	return time.Since(start)
}
