package screen

import (
	"time"

	"bnlab/train/experiment"
)

// work counts the updates of a run and estimates when it will end.
type work struct {
	total, done int               // updates of all trials, and those done
	before      int               // of these, done by an earlier run
	reached     map[string]int    // updates of each trial
	first       map[string]string // the first trial of the unit in which a trial trains
	start       time.Time
}

func newWork(todo []experiment.Trial) work {
	w := work{reached: map[string]int{}, first: map[string]string{}, start: time.Now()}
	for _, t := range todo {
		w.plan(t)
	}
	return w
}

func (w *work) plan(t experiment.Trial) {
	w.total += t.Config.Steps()
	w.reached[t.ID] = 0
}

// at is called with the number of updates that a unit has done, first with the one it
// resumes from.
func (w *work) at(trials []experiment.Trial, steps int) {
	for _, t := range trials {
		if _, ok := w.reached[t.ID]; !ok { // under a budget, one that another process has begun
			w.plan(t)
		}
		if _, ok := w.first[t.ID]; !ok {
			w.before += steps
		}
		w.reach(t, steps)
		w.first[t.ID] = trials[0].ID
	}
}

func (w *work) reach(t experiment.Trial, steps int) {
	w.done += steps - w.reached[t.ID]
	w.reached[t.ID] = steps
}

func (w *work) finish(outcomes []experiment.Outcome) {
	for _, o := range outcomes {
		w.reach(o.Trial, o.Trial.Config.Steps())
	}
}

// spare leaves out what trials have not done.
func (w *work) spare(trials []experiment.Trial) {
	for _, t := range trials {
		w.total -= t.Config.Steps() - w.reached[t.ID]
	}
}

// now returns the updates done so far.
func (w *work) now() int { return w.done }

// left returns the time left if the rest goes as fast as what this run has done.
func (w *work) left() time.Duration {
	done := w.now() - w.before
	if done == 0 {
		return 0
	}
	spent := time.Since(w.start)
	return time.Duration(float64(spent) * float64(w.total-w.now()) / float64(done)).Round(time.Second)
}
