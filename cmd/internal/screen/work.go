package screen

import (
	"time"

	"bnlab/train/experiment"
)

// work counts the updates of a run and estimates when it will end.
type work struct {
	total, done int // updates of all units and of finished ones, times nets
	before      int // of these, done by an earlier run
	running     map[int]int
	start       time.Time
}

func newWork(todo []experiment.Trial) work {
	w := work{running: map[int]int{}, start: time.Now()}
	for _, t := range todo {
		w.total += t.Config.Steps()
	}
	return w
}

// at is called with the number of updates that a unit has done, first with the one it
// resumes from.
func (w *work) at(trials []experiment.Trial, steps int) {
	if _, ok := w.running[trials[0].Unit]; !ok {
		w.before += steps * len(trials)
	}
	w.running[trials[0].Unit] = steps * len(trials)
}

func (w *work) finish(outcomes []experiment.Outcome) {
	delete(w.running, outcomes[0].Trial.Unit)
	for _, o := range outcomes {
		w.done += o.Trial.Config.Steps()
	}
}

// now returns the updates done so far.
func (w *work) now() int {
	sum := w.done
	for _, steps := range w.running {
		sum += steps
	}
	return sum
}

// left returns the time left if the rest goes as fast as what this run has done.
func (w *work) left() time.Duration {
	done := w.now() - w.before
	if done == 0 {
		return 0
	}
	spent := time.Since(w.start)
	return time.Duration(float64(spent) * float64(w.total-w.now()) / float64(done)).Round(time.Second)
}
