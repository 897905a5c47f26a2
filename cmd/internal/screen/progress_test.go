package screen

import (
	"bytes"
	"io"
	"regexp"
	"testing"
	"time"

	"bnlab/train"
	"bnlab/train/experiment"
)

// twoTrials is a plan of two units of a trial of 100 steps each.
func twoTrials() *experiment.Plan {
	c := train.Default()
	c.NS, c.Cycles = 25, 2
	return &experiment.Plan{Trials: []experiment.Trial{
		{ID: "one", Unit: 0, Config: c}, {ID: "two", Unit: 1, Config: c},
	}}
}

// Lines come every few seconds and tell the share of the updates done, the last
// evaluation and the time left.
func TestLines(t *testing.T) {
	plan := twoTrials()
	one, two := plan.Trials[:1], plan.Trials[1:]
	var w bytes.Buffer
	l := newProgress(&w, false, false, plan.Trials)
	l.advised = true // of no setting of this machine
	check := func(want string) {
		t.Helper()
		if !regexp.MustCompile(want).MatchString(w.String()) {
			t.Errorf("got %q, want %s", &w, want)
		}
		w.Reset()
		l.next = time.Time{} // time for another line
	}

	l.Start(one)
	l.Progress(one, 25)
	check(`^$`) // too early
	l.Progress(one, 50)
	check(`^0 of 2 trials, 25 %, \S+ left\n$`)
	l.Point(plan.Trials[0], train.Point{Step: 50, Metrics: train.Metrics{TrainLoss: 1.5, ValAcc: 0.25}})
	l.Progress(two, 20)
	check(`^0 of 2 trials, 35 %, \S+ left; one step 50: training loss 1.500, validation 25.0 %\n$`)
	l.Done([]experiment.Outcome{{Trial: one[0]}})
	l.Progress(two, 50)
	check(`^1 of 2 trials, 75 %, \S+ left; one step 50`)
	l.Progress(two, 60)
	l.Progress(two, 70)
	check(`^[^\n]*\n$`) // one line, not two
	l.Close()
	check(`^$`)
}

// What is waited for is told when nothing trains here, after a while and then rarely.
func TestWaiting(t *testing.T) {
	plan := twoTrials()
	var w bytes.Buffer
	p := newProgress(&w, false, false, plan.Trials)
	claims := []experiment.Claim{
		{Trial: "one", Host: "far", Process: 12, Steps: 25, Of: 100, StepsPerSecond: 0.5},
		{Trial: "two\x1b[2J", Of: 100},
	}
	check := func(want string) {
		t.Helper()
		p.Waiting(claims)
		if w.String() != want {
			t.Errorf("got %q, want %q", &w, want)
		}
		w.Reset()
	}
	p.Start(plan.Trials[:1])
	p.Progress(plan.Trials[:1], 25)
	p.tell = time.Now()
	check("")
	p.Taken(plan.Trials[:1])
	check("")
	p.tell = time.Now()
	line := "waiting for 2 units of other processes: one (process 12 on far, 25 %, 2m30s left), two\\x1b[2J (an unknown process, 0 %)\n"
	check(line)
	check("")
	p.tell = p.tell.Add(-waitingEvery)
	check(line)
	p.Start(plan.Trials[:1])
	p.Done([]experiment.Outcome{{Trial: plan.Trials[0]}})
	check("")                                             // it begins anew
	p.Done([]experiment.Outcome{{Trial: plan.Trials[1]}}) // of another process
	if p.ended != 2 || p.work.now() != p.work.total {
		t.Errorf("%d ended, %d of %d steps", p.ended, p.work.now(), p.work.total)
	}
}

// The work counts the updates of nets side by side, each for itself, and a unit
// that ends early as whole. What an earlier run has done took this one no time.
func TestWork(t *testing.T) {
	plan := twoTrials()
	plan.Trials[1].Unit = 0
	w := newWork(plan.Trials)
	if w.total != 200 || w.now() != 0 || w.left() != 0 {
		t.Fatalf("at the start: %d of %d, %v left", w.now(), w.total, w.left())
	}
	w.at(plan.Trials, 0)
	w.at(plan.Trials, 30)
	w.start = time.Now().Add(-30 * time.Second)
	if w.now() != 60 || w.left() != 70*time.Second {
		t.Errorf("after 30 steps of two nets in 30 s: %d, %v left; want 60, 1m10s", w.now(), w.left())
	}
	w.finish([]experiment.Outcome{{Trial: plan.Trials[0]}, {Trial: plan.Trials[1]}})
	if w.now() != 200 || w.left() != 0 {
		t.Errorf("at the end: %d of %d, %v left", w.now(), w.total, w.left())
	}
	w = newWork(plan.Trials)
	w.at(plan.Trials, 80)
	w.start = time.Now().Add(-30 * time.Second)
	if w.now() != 160 || w.left() != 0 {
		t.Errorf("resuming from step 80: %d, %v left; want 160, 0s", w.now(), w.left())
	}
	w.at(plan.Trials, 90)
	if w.now() != 180 || w.left() != 30*time.Second {
		t.Errorf("10 steps later, in 30 s: %d, %v left; want 180, 30s", w.now(), w.left())
	}
}

// What a budget stops is no work any more; trials that another process has begun are some
// once they go on here.
func TestPausedWork(t *testing.T) {
	trials := twoTrials().Trials
	l := newProgress(io.Discard, true, false, trials)
	l.Start(trials)
	l.Progress(trials, 0)
	l.Progress(trials, 20)
	l.Reached(trials)
	l.Paused(trials[1:])
	if w := l.work; w.total != 120 || w.now() != 40 || l.ended != 1 || len(l.units) != 0 {
		t.Errorf("%d of %d, %d ended, %d units in training", w.now(), w.total, l.ended, len(l.units))
	}
	third := trials[0]
	third.ID = "three"
	on := []experiment.Trial{trials[0], third}
	l.Start(on)
	l.Progress(on, 20)
	l.Progress(on, 50)
	if w := l.work; w.total != 220 || w.now() != 120 || w.before != 20 {
		t.Errorf("with another: %d of %d, %d before", w.now(), w.total, w.before)
	}
}

// With --quiet, and where there is nothing to train, there are no lines.
func TestQuiet(t *testing.T) {
	trials := twoTrials().Trials
	for _, p := range []func(io.Writer) *Progress{
		func(w io.Writer) *Progress { return NewProgress(w, true, trials) },
		func(w io.Writer) *Progress { return NewProgress(w, false, nil) },
	} {
		var w bytes.Buffer
		quiet := p(&w)
		quiet.next = time.Time{}
		quiet.Start(trials[:1])
		quiet.Progress(trials[:1], 50)
		quiet.Close()
		if w.Len() > 0 {
			t.Errorf("got %q", &w)
		}
	}
}

// Bars take a whole run, one that ends early, and one whose units end in any
// order, and close without hanging.
func TestBars(t *testing.T) {
	plan := twoTrials()
	one, two := plan.Trials[:1], plan.Trials[1:]
	for name, play := range map[string]func(b *Progress){
		"nothing": func(*Progress) {},
		"whole": func(b *Progress) {
			b.Start(one)
			b.Start(two)
			b.Progress(two, 100)
			b.Point(two[0], train.Point{Step: 100})
			b.Done([]experiment.Outcome{{Trial: two[0]}})
			b.Progress(one, 100)
			b.Done([]experiment.Outcome{{Trial: one[0]}})
		},
		"interrupted": func(b *Progress) {
			b.Start(one)
			b.Progress(one, 25)
		},
	} {
		b := newProgress(io.Discard, false, true, plan.Trials)
		play(b)
		closed := make(chan bool)
		go func() { b.Close(); close(closed) }()
		select {
		case <-closed:
		case <-time.After(20 * time.Second):
			t.Fatalf("%s: close hangs", name)
		}
	}
}
