package bench

import "time"

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
