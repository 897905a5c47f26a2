package answer

import (
	"errors"
	"path/filepath"
	"slices"

	"bnlab/train/experiment"
	"bnlab/train/study"
)

// Collect returns what the records in the study's folder say, as Run does, and trains
// nothing. Stages without a plan count as missing. Damaged records, which count as missing
// too, are passed to warn.
func Collect(s *study.Study, dir string, warn func(error)) ([]Result, error) {
	results := make([]Result, len(s.Experiments))
	for i := range s.Experiments {
		e := &s.Experiments[i]
		var trained []Trained
		var missing []string
		for _, stage := range e.Stages() {
			at := filepath.Join(dir, s.Folder(e, stage))
			if !HasPlan(at) {
				missing = append(missing, "the "+stage+" stage")
				continue
			}
			folder, err := experiment.Open(at)
			if err != nil {
				return nil, err
			}
			outcomes, err := folder.Outcomes(warn)
			if err != nil {
				return nil, err
			}
			trained = append(trained, Trained{stage, folder.Plan, outcomes})
		}
		r, err := Conclude(e, trained)
		if err != nil {
			return nil, err
		}
		r.Missing = append(r.Missing, missing...)
		results[i] = r
	}
	return results, nil
}

// Conclude returns what the stages of an experiment that are trained say, in their order.
// Plans may have grown beyond what the experiment asks for.
func Conclude(e *study.Experiment, trained []Trained) (r Result, err error) {
	for _, t := range trained {
		if t.Stage == e.Stages()[0] {
			t = t.only(e.Trials())
		}
		r.add(e, t)
	}
	r.Experiment = e.Name
	if err := r.conclude(e); err != nil && !errors.Is(err, study.ErrNoBest) {
		return r, err
	}
	return r, nil
}

// only returns what came of some trials, in their order, of a plan that may have grown
// beyond them, or have fewer.
func (t Trained) only(trials []experiment.Trial) Trained {
	place := map[string]int{}
	for i, trial := range t.Plan.Trials {
		place[trial.ID] = i
	}
	plan := *t.Plan
	plan.Trials = slices.Clone(trials)
	outcomes := make([]experiment.Outcome, len(trials))
	for i, trial := range trials {
		if at, ok := place[trial.ID]; ok {
			plan.Trials[i], outcomes[i] = t.Plan.Trials[at], t.Outcomes[at]
		}
	}
	return Trained{t.Stage, &plan, outcomes}
}
