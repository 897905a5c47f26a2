package experiment

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"bnlab/train"
	"bnlab/train/atomicfile"
	"bnlab/train/claim"
)

// looked is what a look at a folder shows, in a line.
func looked(t *testing.T, f *Follower) string {
	t.Helper()
	l, err := f.Look()
	if err != nil {
		return "error"
	}
	done, paused, points, stalled := 0, 0, 0, 0
	for _, o := range l.Outcomes {
		if o.Done() {
			done++
		}
		if o.Paused != nil {
			paused++
		}
	}
	for _, u := range l.Training {
		if u.Stalled {
			stalled++
		}
		for _, c := range u.Curves {
			points += len(c.Points)
		}
	}
	return fmt.Sprintf("%d done, %d paused, %d units with %d points, %d stalled, %d curves, %d damaged, changed %v",
		done, paused, len(l.Training), points, stalled, len(l.Finished), len(l.Damaged), l.Changed)
}

// TestFollow: looks show what happens in a folder, step by step, and that nothing has
// changed where nothing has; a folder that vanishes, and comes back, is followed on.
func TestFollow(t *testing.T) {
	f := create(t, filepath.Join(t.TempDir(), "run"), smallPlan())
	trials := f.Plan.Trials
	follower := Follow(f.Dir)
	see := func(what, want string) {
		t.Helper()
		if got := looked(t, follower); got != want {
			t.Errorf("%s:\n%s, want\n%s", what, got, want)
		}
	}
	see("a plan", "0 done, 0 paused, 0 units with 0 points, 0 stalled, 0 curves, 0 damaged, changed true")
	see("again", "0 done, 0 paused, 0 units with 0 points, 0 stalled, 0 curves, 0 damaged, changed false")
	must(t, f.makeTrialDirs(trials[:3]))
	dir := f.TrialDir(trials[0])
	held, err := (&claim.Watch{Path: filepath.Join(dir, claimFile)}).Try(24, func() {})
	must(t, err)
	see("claimed", "0 done, 0 paused, 1 units with 0 points, 0 stalled, 0 curves, 0 damaged, changed true")
	live := f.liveCurves(trials[:2], held)
	live.add(0, train.Point{Step: 1})
	live.add(1, train.Point{Step: 1})
	see("a point each", "0 done, 0 paused, 1 units with 2 points, 0 stalled, 0 curves, 0 damaged, changed true")
	see("no more", "0 done, 0 paused, 1 units with 2 points, 0 stalled, 0 curves, 0 damaged, changed false")
	must(t, f.Save(record(finished(trials[0], 0.5, 0.5))))
	see("one done", "1 done, 0 paused, 1 units with 1 points, 0 stalled, 1 curves, 0 damaged, changed true")
	must(t, f.Save(record(finished(trials[1], 0.5, 0.5))))
	live.close()
	held.Release()
	see("both", "2 done, 0 paused, 0 units with 0 points, 0 stalled, 2 curves, 0 damaged, changed true")

	damaged := filepath.Join(f.TrialDir(trials[2]), resultFile)
	must(t, os.WriteFile(damaged, []byte(`{"format":`), 0o666))
	see("a record cut off", "2 done, 0 paused, 0 units with 0 points, 0 stalled, 2 curves, 1 damaged, changed true")
	see("still", "2 done, 0 paused, 0 units with 0 points, 0 stalled, 2 curves, 1 damaged, changed false")
	must(t, os.Remove(damaged))
	see("gone", "2 done, 0 paused, 0 units with 0 points, 0 stalled, 2 curves, 0 damaged, changed true")

	must(t, f.Save(record(finished(trials[3], 0.5, 0.5))))
	curve := filepath.Join(f.TrialDir(trials[3]), curveFile)
	must(t, os.Rename(curve, curve+".away"))
	see("its curve comes later", "2 done, 0 paused, 0 units with 0 points, 0 stalled, 2 curves, 1 damaged, changed true")
	must(t, os.Rename(curve+".away", curve))
	see("and is there", "3 done, 0 paused, 0 units with 0 points, 0 stalled, 3 curves, 0 damaged, changed true")

	must(t, os.Rename(f.Dir, f.Dir+".away"))
	see("vanished", "error")
	if _, err := follower.Look(); !errors.Is(err, ErrPlan) {
		t.Errorf("vanished: error %v", err)
	}
	must(t, os.Rename(f.Dir+".away", f.Dir))
	see("back", "3 done, 0 paused, 0 units with 0 points, 0 stalled, 3 curves, 0 damaged, changed true")
	must(t, os.Remove(filepath.Join(f.TrialDir(trials[0]), resultFile)))
	for range restEvery { // what is done is looked at now and then
		_, err := follower.Look()
		must(t, err)
	}
	see("a record removed", "2 done, 0 paused, 0 units with 0 points, 0 stalled, 3 curves, 0 damaged, changed false")
}

// TestFollowStalled: a unit whose process has ended is stalled, and is no more once another
// has taken it over.
func TestFollowStalled(t *testing.T) {
	f, trial := createSmall(t)
	dir, err := f.makeTrialDir(trial)
	must(t, err)
	path := filepath.Join(dir, claimFile)
	held, err := (&claim.Watch{Path: path}).Try(24, func() {})
	must(t, err)
	alive, err := os.ReadFile(path)
	must(t, err)
	held.Release()
	must(t, os.WriteFile(path, []byte("no claim"), 0o666))
	patience := claim.Patience
	claim.Patience = time.Nanosecond
	follower := Follow(f.Dir)
	first := looked(t, follower)
	second := looked(t, follower)
	claim.Patience = patience
	must(t, atomicfile.Write(path, alive))
	third := looked(t, follower)
	for i, got := range []string{first, second, third} {
		want := fmt.Sprintf("0 done, 0 paused, 1 units with 0 points, %d stalled, 0 curves, 0 damaged, changed true", i%2)
		if got != want {
			t.Errorf("look %d:\n%s, want\n%s", i+1, got, want)
		}
	}
}

// TestFollowBudget: what a budget decides is seen as it is decided, and ends as the run
// itself ends.
func TestFollowBudget(t *testing.T) {
	f := create(t, t.TempDir(), halved(train.F32, 2, 1))
	follower := Follow(f.Dir)
	r, most := runner(t, f), 0
	r.Workers = 1
	r.Observer = observer{start: func([]Trial) {
		l, err := follower.Look()
		must(t, err)
		if len(l.Training) == 0 || l.Training[0].Stalled {
			t.Errorf("%d units in training", len(l.Training))
		}
		paused := 0
		for _, o := range l.Outcomes {
			if o.Paused != nil {
				paused++
			}
		}
		most = max(most, paused)
	}}
	want := runAll(t, r, f.Plan)
	l, err := follower.Look()
	must(t, err)
	for i := range want {
		want[i].Curve = nil
	}
	same(t, decided(want), decided(l.Outcomes), "in the end")
	if most == 0 {
		t.Error("nothing was paused on the way")
	}
}

// TestFollowGrown: a plan that grows is seen.
func TestFollowGrown(t *testing.T) {
	small := smallPlan()
	f := create(t, t.TempDir(), planOf(small.Trials[:2], 2))
	follower := Follow(f.Dir)
	looked(t, follower)
	_, err := Grow(f.Dir, small, func(*Plan) {})
	must(t, err)
	if l, err := follower.Look(); err != nil || len(l.Outcomes) != len(small.Trials) || !l.Changed {
		t.Errorf("%d trials, changed %v, error %v", len(l.Outcomes), l.Changed, err)
	}
}

// TestFollowLeft: the time that is left follows from what is done, and from the rate of
// what trains before anything is.
func TestFollowLeft(t *testing.T) {
	plan := smallPlan()
	steps := plan.Trials[0].Config.Steps()
	of := func(l Look) string {
		left, known := l.Left()
		return fmt.Sprintf("%v %v %.3f", left.Round(time.Millisecond), known, l.Share())
	}
	l := Look{Folder: &Folder{Plan: plan}, Outcomes: make([]Outcome, len(plan.Trials))}
	if got := of(l); got != "0s false 0.000" {
		t.Errorf("nothing trains: %s", got)
	}
	l.Training = []UnitInTraining{{Claim: Claim{Trials: 2, Steps: steps / 2, Of: steps, StepsPerSecond: 3},
		Curves: []TrialCurve{{Trial: plan.Trials[0]}, {Trial: plan.Trials[1]}}}}
	if got, want := of(l), fmt.Sprintf("%v true 0.125", time.Duration(float64(7*steps)/6*float64(time.Second)).Round(time.Millisecond)); got != want {
		t.Errorf("one unit of four, half done: %s, want %s", got, want)
	}
	l.Outcomes[2] = finished(plan.Trials[2], 0.5, 0.5)
	l.Outcomes[2].Result.Steps, l.Outcomes[2].Result.TrainSeconds, l.Outcomes[2].Result.EvalSeconds = steps, 1, 1
	if got := of(l); got != "12s true 0.250" { // 6 trials' steps at 2 s each, by one unit
		t.Errorf("a trial done in 2 s: %s", got)
	}
	l.Training[0].Stalled = true
	if got := of(l); got != "0s false 0.250" {
		t.Errorf("stalled: %s", got)
	}
}

// TestFollowWritesNothing: a folder that is followed stays as it is, and is not created.
func TestFollowWritesNothing(t *testing.T) {
	f := interruptedFolder(t, long(train.F32))
	before := snapshot(t, f.Dir)
	follower := Follow(f.Dir)
	for range 3 {
		looked(t, follower)
	}
	same(t, before, snapshot(t, f.Dir), "after three looks")
	none := filepath.Join(t.TempDir(), "none")
	if got := looked(t, Follow(none)); got != "error" {
		t.Errorf("no folder: %s", got)
	}
	if _, err := os.Lstat(none); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("created: %v", err)
	}
}
