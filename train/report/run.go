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
	Name    string // path below the folder given, as search/fine
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
	outcomes := make([]experiment.Outcome, len(folder.Plan.Trials))
	for i, t := range folder.Plan.Trials {
		record, found, err := folder.Read(t)
		var damaged *experiment.DamagedError
		switch {
		case errors.As(err, &damaged):
			reason := strings.ReplaceAll(oneLine(damaged.Reason), folder.Dir+string(filepath.Separator), "")
			run.Damaged = append(run.Damaged, Damaged{t.ID, reason})
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
	run.summarize(outcomes, stageOf(dir))
	return run, nil
}

// oneLine returns the message of err without line breaks.
func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }

// summarize is experiment.Summarize with the stage. Trials with a damaged record are
// not counted as missing too.
func (r *Run) summarize(outcomes []experiment.Outcome, stage string) {
	r.Summary = experiment.Summarize(r.Plan, outcomes)
	r.Summary.Missing = slices.DeleteFunc(r.Summary.Missing, func(id string) bool {
		return slices.ContainsFunc(r.Damaged, func(d Damaged) bool { return d.Trial == id })
	})
	if r.Plan.Experiment == "search" && stage != "" {
		r.Stage = stage
		r.Summary = r.Summary.InStage(stage)
	}
}

// stages are the parts of a search for λ, each in a folder of its name, in the order
// in which they are run.
var stages = []string{"coarse", "fine", "final"}

// stageOf returns the stage of a search for λ that a folder is of, by its own name and
// not by that of a link to it; empty if it is of none.
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

// isLambda tells whether the run compares values of λ.
func (r *Run) isLambda() bool {
	return r.Stage != "" || strings.HasPrefix(r.Plan.Trials[0].Group, "lambda=")
}

// otherData tells whether the run is of other data than the study's.
func (r *Run) otherData() bool { return !r.Plan.Dataset.IsOriginal() }
