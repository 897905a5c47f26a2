package experiment

import "bnlab/train/checkpoint"

// checkpoints returns the place of a unit's checkpoints while it trains.
func (f *Folder) checkpoints(unit []Trial) checkpoint.Place {
	return checkpoint.Place{Dir: f.TrialDir(unit[0]), Name: checkpointFile}
}

// training returns everything that the bits of a unit depend on.
func (r Runner) training(plan *Plan, unit []Trial) checkpoint.Training {
	of := checkpoint.Training{Program: r.Program, Dataset: plan.Dataset.Digest, Backend: unit[0].Config.Precision.Backend()}
	for _, t := range unit {
		of.Trials = append(of.Trials, t.Config)
	}
	return of
}

// removeOldCheckpoints removes the checkpoints of units whose trials all have records,
// left by a process that was killed after its last record.
func (r Runner) removeOldCheckpoints(plan *Plan, outcomes []Outcome) {
	if r.leg.to > 0 {
		return // their trials may be on their way to the next rung
	}
	for _, unit := range r.leg.units {
		if !r.leg.missing(unit, outcomes) {
			r.removeCheckpoints(trialsOf(plan, unit))
		}
	}
}

// removeCheckpoints removes the checkpoints of a finished unit, by any process, and
// what killed writers of its records have left. A running writer finds the record
// there.
func (r Runner) removeCheckpoints(unit []Trial) {
	for _, t := range unit {
		if r.leg.to == 0 && r.leg.from > 0 {
			r.removeState(t)
		}
	}
	if r.Folder == nil {
		return
	}
	r.warn(r.Folder.checkpoints(unit).RemoveAll())
	for _, t := range unit {
		r.warn(r.Folder.clear(t))
	}
}

func (r Runner) warn(err error) {
	if err != nil {
		r.Warn(err)
	}
}
