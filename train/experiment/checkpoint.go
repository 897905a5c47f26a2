package experiment

import (
	"context"

	"bnlab/blas"
	"bnlab/train"
	"bnlab/train/checkpoint"
)

// checkpoints is where those of a unit lie while it trains.
func (f *Folder) checkpoints(unit []Trial) checkpoint.Place {
	return checkpoint.Place{Dir: f.TrialDir(unit[0]), Name: checkpointFile}
}

// resume trains the trials of a unit, and goes on from the checkpoint that the
// folder may have of them.
func (r Runner) resume(ctx context.Context, plan *Plan, configs []train.Config, rec *recorder) ([]train.Result, error) {
	if r.Folder == nil {
		return r.fit(ctx, configs, rec, train.Discard)
	}
	of := checkpoint.Training{Program: r.Program, Dataset: plan.Dataset.Digest, Backend: blas.Current(), Trials: configs}
	store := checkpoint.Open(r.Folder.checkpoints(rec.trials), of, false, r.Warn)
	defer store.Close()
	return r.fit(ctx, configs, rec, store)
}

// tidy removes the checkpoints of units of which every trial has its record.
// A process that was killed between its last record and that has left them.
func (r Runner) tidy(plan *Plan, outcomes []Outcome) {
	for _, unit := range plan.Units() {
		if !missing(unit, outcomes) {
			r.removeCheckpoints(trialsOf(plan, unit))
		}
	}
}

func (r Runner) removeCheckpoints(unit []Trial) {
	if r.Folder == nil {
		return
	}
	if err := r.Folder.checkpoints(unit).Remove(); err != nil {
		r.Warn(err)
	}
}
