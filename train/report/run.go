package report

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"bnlab/train/experiment"
)

// Run is what the records of one run folder say.
type Run struct {
	Name    string // path below the folder given, such as search/fine
	Stage   string // coarse, fine or final, of a search for λ; else empty
	Plan    *experiment.Plan
	Records int // sound ones
	Damaged []Damaged
	Summary experiment.Summary

	losses lossCurves
}

// Damaged is a trial whose record exists but cannot be used.
type Damaged struct {
	Trial  string `json:"trial"`
	Reason string `json:"reason"`
}

// readRun reads the records of one run folder.
func readRun(dir string) (*Run, error) {
	folder, err := experiment.Open(dir)
	if err != nil {
		return nil, err
	}
	run := &Run{Plan: folder.Plan, losses: lossCurves{}}
	outcomes, unusable := make([]experiment.Outcome, len(folder.Plan.Trials)), map[string]bool{}
	for i, t := range folder.Plan.Trials {
		record, found, err := folder.Read(t)
		var damaged *experiment.DamagedError
		switch {
		case errors.As(err, &damaged):
			reason := strings.ReplaceAll(oneLine(damaged.Reason), folder.Dir+string(filepath.Separator), "")
			run.Damaged = append(run.Damaged, Damaged{t.ID, reason})
			unusable[t.ID] = true
		case err != nil:
			return nil, err
		case found:
			if !run.isLambda() { // whose figures are of the final numbers alone
				run.losses.add(record.Outcome)
			}
			run.Records++
			outcomes[i] = record.Outcome
			outcomes[i].Curve = nil
		}
	}
	run.Summary = experiment.Summarize(run.Plan, outcomes)
	run.Summary.Missing = slices.DeleteFunc(run.Summary.Missing, func(id string) bool { return unusable[id] })
	if stage := stageOf(dir); stage != "" && run.Plan.Experiment == "search" {
		run.Stage, run.Summary = stage, run.Summary.InStage(stage)
	}
	return run, nil
}

// oneLine returns the message of err without line breaks.
func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }

// stages are the stages of a search for λ, each in a folder of that name, in order.
var stages = []string{"coarse", "fine", "final"}

// stageOf returns the stage of a search for λ of a folder, by its own name and not that
// of a link to it; empty if there is none.
func stageOf(dir string) string {
	if path, err := filepath.Abs(dir); err == nil {
		dir = path
	}
	if path, err := filepath.EvalSymlinks(dir); err == nil {
		dir = path
	}
	if base := filepath.Base(dir); slices.Contains(stages, base) {
		return base
	}
	return ""
}

// isLambda reports whether the run compares values of λ.
func (r *Run) isLambda() bool {
	return r.Stage != "" || strings.HasPrefix(r.Plan.Trials[0].Group, "lambda=")
}

// otherData reports whether the run is of other data than the study's.
func (r *Run) otherData() bool { return !r.Plan.Dataset.IsOriginal() }

// maxLossCharts is the maximum number of loss curve figures of a run: nobody looks
// through thousands.
const maxLossCharts = 24

// kindOf returns the common kind of groups with and without batch normalisation, which
// share a figure of loss curves.
func kindOf(group string) string { return strings.TrimSuffix(group, " BN") }

// lossKinds returns the kinds of the groups, each once.
func lossKinds(groups []experiment.Group) (kinds []string) {
	seen := map[string]bool{}
	for _, g := range groups {
		if kind := kindOf(g.Name); !seen[kind] {
			seen[kind] = true
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

// lossCurves are the losses of a run's trials by kind, group and step: the part of the
// curves that the figures show.
type lossCurves map[string]map[string]map[int]lossesAt

// lossesAt are the losses of the trials of a group after one step.
type lossesAt struct{ train, val []float64 }

// add adds the curve of a trial that has a result. It keeps nothing of kinds that will
// have no figure.
func (c lossCurves) add(o experiment.Outcome) {
	if o.Error != "" || o.Result.Diverged || len(o.Curve) == 0 {
		return
	}
	group, kind := o.Trial.Group, kindOf(o.Trial.Group)
	if c[kind] == nil {
		if len(c) == maxLossCharts {
			return
		}
		c[kind] = map[string]map[int]lossesAt{}
	}
	if c[kind][group] == nil {
		c[kind][group] = map[int]lossesAt{}
	}
	for _, p := range o.Curve {
		at := c[kind][group][p.Step]
		c[kind][group][p.Step] = lossesAt{append(at.train, p.TrainLoss), append(at.val, p.ValLoss)}
	}
}
