package experiment

import (
	"bnlab/train"
)

// keepState keeps the state of a trial at a rung, in the folder or in memory.
func (r Runner) keepState(plan *Plan, t Trial, s train.State) error {
	if r.Folder == nil {
		r.states.Store(t.ID, s)
		return nil
	}
	if _, err := r.Folder.makeTrialDir(t); err != nil {
		return err
	}
	return r.Folder.pausedStates(t).Save(r.training(plan, []Trial{t}), s)
}

// removeState removes the state of a trial at a rung.
func (r Runner) removeState(t Trial) {
	if r.Folder == nil {
		r.states.Delete(t.ID)
		return
	}
	r.warn(r.Folder.pausedStates(t).RemoveAll())
}

// stateAt returns the state of a trial at a rung, and whether there is one.
func (r Runner) stateAt(plan *Plan, t Trial, rung Rung) (s train.State, found bool, err error) {
	if r.Folder != nil {
		return r.Folder.pausedStates(t).Load(r.training(plan, []Trial{t}), rung.Steps, r.Warn)
	}
	kept, found := r.states.Load(t.ID)
	if found {
		s = kept.(train.State)
	}
	return s, found, nil
}

// onLeg is the Checkpointer of a unit that goes on from a rung: where it has no state of
// its own, it begins with those of its trials there.
type onLeg struct {
	train.Checkpointer
	below func() (s train.State, found bool)
}

func (l onLeg) Restore(use func(train.State) error) {
	restored := false
	l.Checkpointer.Restore(func(s train.State) error {
		err := use(s)
		restored = err == nil
		return err
	})
	if restored {
		return
	}
	if s, found := l.below(); found {
		_ = use(s) // if it does not fit, all begin anew: the same bits, later
	}
}

// from returns the Checkpointer of a unit on the leg of the runner.
func (r Runner) from(plan *Plan, rec *recorder, keep train.Checkpointer) train.Checkpointer {
	if r.leg.from == 0 {
		return keep
	}
	return onLeg{keep, func() (train.State, bool) {
		var all []train.State
		for j, t := range rec.trials {
			s, found, err := r.stateAt(plan, t, rec.below[j])
			if err != nil {
				r.stop(err)
			}
			if !found {
				return s, false
			}
			all = append(all, s)
		}
		return train.Join(all), true
	}}
}
