package experiment

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"bnlab/train"
	"bnlab/train/claim"
)

// followedClaim is a claim as it was last seen.
type followedClaim struct {
	claim.Watch
	stalled bool
}

// look looks at the claim, and reports whether there is one, and whether it shows anything
// new.
func (c *followedClaim) look() (there, changed bool, err error) {
	state, err := c.Look()
	stalled := state == claim.Abandoned || c.Unchanged() >= 3*claim.Beat
	changed = c.Unchanged() == 0 || stalled != c.stalled
	c.stalled = stalled
	return state != claim.None, changed, err
}

// training looks at the claims of units in training, and at the curves of their trials.
func (f *Follower) training() (all []UnitInTraining, changed bool, err error) {
	claims := map[string]*followedClaim{}
	for _, unit := range f.folder.Plan.underWay(f.outcomes) {
		path := filepath.Join(f.folder.TrialDir(f.folder.Plan.Trials[unit[0]]), claimFile)
		if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		c := f.claims[path]
		if c == nil {
			c = &followedClaim{Watch: claim.Watch{Path: path}}
		}
		there, news, err := c.look()
		if err != nil {
			return nil, false, err
		}
		if !there {
			continue
		}
		claims[path] = c
		changed = changed || news
		t := UnitInTraining{Claim: claimOf(trialsOf(f.folder.Plan, unit), c.Claim())}
		t.Stalled = c.stalled
		for _, i := range unit {
			if !f.outcomes[i].Done() {
				t.Curves = append(t.Curves, TrialCurve{f.folder.Plan.Trials[i], f.live(i, &changed)})
			}
		}
		all = append(all, t)
	}
	changed = changed || len(claims) != len(f.claims)
	f.claims = claims
	return all, changed, nil
}

// live returns the curve so far of trial i, and sets changed if it has changed.
func (f *Follower) live(i int, changed *bool) (points []train.Point) {
	trial, seen := f.folder.Plan.Trials[i], &f.trials[i]
	info, err := os.Lstat(filepath.Join(f.folder.TrialDir(trial), curveFile))
	if err != nil {
		seen.live, seen.points = nil, nil
	} else if !unchanged(info, seen.live) {
		seen.live, seen.points, *changed = info, f.folder.LiveCurve(trial), true
	}
	return seen.points
}

// Reached returns the step that the unit is known to have reached: a point of a curve may come
// before a beat of the claim.
func (u UnitInTraining) Reached() (step int) {
	step = u.Steps
	for _, c := range u.Curves {
		if n := len(c.Points); n > 0 {
			step = max(step, c.Points[n-1].Step)
		}
	}
	return step
}

// Left returns the time that the rest will take, and whether that is known: it is if
// anything trains, and either has trained for a while or is done.
func (l Look) Left() (left time.Duration, known bool) {
	done, all := l.steps()
	working, rate, seconds, steps := 0, 0.0, 0.0, 0.0 // units; steps of trials a second; of what is done
	for _, t := range l.Training {
		if !t.Stalled {
			working++
			rate += t.StepsPerSecond * float64(t.Trials)
		}
	}
	for _, o := range l.Outcomes {
		if o.Done() && o.Error == "" {
			seconds += o.Result.TrainSeconds + o.Result.EvalSeconds
			steps += float64(o.Result.Steps)
		}
	}
	if seconds > 0 {
		rate = float64(working) * steps / seconds // a trial's seconds are its share of its unit's
	}
	if rate == 0 {
		return 0, false
	}
	return time.Duration((all - done) / rate * float64(time.Second)), true
}

// Share returns which share of the steps of all trials is done, from 0 to 1: 1 only if no
// trial is missing. What is paused is done with.
func (l Look) Share() float64 {
	done, all := l.steps()
	return done / max(1, all)
}

// steps returns how many steps of trials are done, and how many there are.
func (l Look) steps() (done, all float64) {
	at := map[string]int{}
	for _, t := range l.Training {
		for _, c := range t.Curves {
			at[c.Trial.ID] = min(t.Reached(), t.Of-1)
		}
	}
	for i, t := range l.Folder.Plan.Trials {
		of := t.Config.Steps()
		all += float64(of)
		if o := l.Outcomes[i]; o.Done() || o.Paused != nil {
			done += float64(of)
		} else {
			done += float64(max(0, at[t.ID]))
		}
	}
	return done, all
}
