package answer

import (
	"slices"

	"bnlab/train/experiment"
	"bnlab/train/study"
)

// limit gives a plan the budget of the study. A last rung at the end of all trainings
// decides nothing. The error, one of the file, names a rung at which trials have no way left
// to go.
func limit(s *study.Study, plan *experiment.Plan, lab *experiment.Lab) error {
	if s.Budget == nil {
		return nil
	}
	rungs, images := s.Budget.Rungs, lab.TrainImages()
	if n := len(rungs) - 1; n > 0 && allEndAt(plan.Trials, rungs[n], images) {
		rungs = rungs[:n]
	}
	for _, t := range plan.Trials {
		if err := t.Config.CanPause(rungs[len(rungs)-1], images); err != nil {
			return s.BudgetErrorf("%s: %v", t.Group, err)
		}
	}
	plan.Budget = &experiment.Budget{Rungs: rungs, Keep: s.Budget.Keep, Fuse: lab.Fuse, Workers: lab.Workers}
	return plan.Check()
}

// allEndAt reports whether all trials end with that epoch.
func allEndAt(trials []experiment.Trial, epochs, images int) bool {
	return !slices.ContainsFunc(trials, func(t experiment.Trial) bool {
		return t.Config.Steps() != epochs*(images/t.Config.Batch)
	})
}
