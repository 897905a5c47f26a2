package experiment

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"bnlab/train"
	"bnlab/train/atomicfile"
	"bnlab/train/claim"
)

// Processes that train one folder share its units without knowing of each other: each
// trains a unit only while it holds the claim of its first trial, and takes another one
// where it meets a claim. What is claimed by others is waited for.

// TakenError reports that another process has taken over a unit that this one was
// training, since it did not run for a while, and goes on with it.
type TakenError struct {
	Trial string // the first of the unit
	By    claim.Holder
}

// Error returns the whole as one line.
func (e *TakenError) Error() string {
	return fmt.Sprintf("%s: this process did not run for a while; %v has taken over its training and goes on with it", e.Trial, e.By)
}

// errTaken is why the context of a unit ends when another process has taken it over.
var errTaken = errors.New("taken over")

// settle brings a unit to its outcomes, those of other processes or its own, which are
// still to be kept: u.keep does it, and then the claim is to be released. It reports false
// if another process trains the unit.
func (r Runner) settle(ctx context.Context, plan *Plan, u *pendingUnit, outcomes []Outcome) (settled bool, err error) {
	if r.Folder == nil {
		return true, r.train(ctx, plan, u, outcomes)
	}
	u.watch.Path = filepath.Join(r.Folder.TrialDir(plan.Trials[u.unit[0]]), claimFile)
	if done, err := r.doneElsewhere(plan, u, outcomes); done || err != nil {
		return done, err
	}
	if free, err := u.isFree(); !free || err != nil {
		return false, err
	}
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	u.held, err = r.claim(plan, u, func() { end(errTaken) })
	if errors.Is(err, fs.ErrExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer func() {
		if u.keep == nil {
			u.held.Release()
		}
	}()
	// Another process may have done it just before this one claimed it.
	if done, err := r.doneElsewhere(plan, u, outcomes); done || err != nil {
		return done, err
	}
	err = r.train(ctx, plan, u, outcomes)
	if errors.Is(err, errTaken) {
		if _, err := u.watch.Look(); err != nil {
			return false, err
		}
		r.Warn(&TakenError{Trial: plan.Trials[u.unit[0]].ID, By: u.watch.Claim().Holder})
		return false, nil
	}
	return true, err
}

// isFree reports whether nobody trains a unit that another process was seen to train.
func (u *pendingUnit) isFree() (bool, error) {
	if u.since.IsZero() {
		return true, nil // claiming it will tell
	}
	state, err := u.watch.Look()
	if state == claim.Abandoned {
		err = u.watch.Take()
	}
	return state != claim.Alive, err
}

// claim claims a unit for this process, and makes the folders of its trials, so that the
// folder that they are in is flushed once. The error wraps fs.ErrExist if another process
// trains it. Where no claim can be made, the unit is trained without: records stand that.
func (r Runner) claim(plan *Plan, u *pendingUnit, lost func()) (*claim.Held, error) {
	first := plan.Trials[u.unit[0]]
	err := r.Folder.makeTrialDirs(trialsOf(plan, u.unit))
	if err == nil {
		err = atomicfile.Writable(r.Folder.TrialDir(first)) // an existing one may not be
	}
	if err != nil {
		return nil, err
	}
	return u.watch.Try(first.Config.Steps(), lost)
}

// doneElsewhere fills in the outcomes of a unit that other processes have trained since
// this one began, and reports whether there are no others.
func (r Runner) doneElsewhere(plan *Plan, u *pendingUnit, outcomes []Outcome) (bool, error) {
	for _, i := range u.unit {
		if r.leg.reached(outcomes[i]) {
			continue
		}
		if err := r.refresh(plan, i, outcomes); err != nil {
			return false, err
		}
	}
	if r.leg.missing(u.unit, outcomes) {
		return false, nil
	}
	trials := trialsOf(plan, u.unit)
	if r.leg.to == 0 {
		r.removeCheckpoints(trials)
		r.Observer.Done(outcomesOf(u.unit, outcomes))
		return true, nil
	}
	// Another process may train it on the next leg, unless one died at the end of this one.
	state, err := u.watch.Look()
	if state == claim.Abandoned {
		r.removeCheckpoints(trials)
	}
	r.tellReached(trials, outcomesOf(u.unit, outcomes))
	return true, err
}

func outcomesOf(unit []int, outcomes []Outcome) []Outcome {
	of := make([]Outcome, len(unit))
	for j, i := range unit {
		of[j] = outcomes[i]
	}
	return of
}

// guarded keeps checkpoints while the claim is held.
type guarded struct {
	train.Checkpointer
	held *claim.Held
}

func (g guarded) Keep(s train.State) {
	if g.held.Mine() {
		g.Checkpointer.Keep(s)
	}
}
