package report

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"bnlab/train/answer"
	"bnlab/train/experiment"
)

// Run is what the records of a run folder say, or of several whose configurations agree.
type Run struct {
	Name    string // path of the first below the folder given, such as search/fine
	Stage   string // coarse, fine or final, of a search; else empty
	Plan    *experiment.Plan
	Records int // sound ones
	Damaged []Damaged
	Summary experiment.Summary

	folders  []*experiment.Folder
	pool     *experiment.Pooled // of the folders
	part     *answer.Part       // of a study, of which the run is; nil for none
	field    string             // that a search is over
	choose   string             // by what
	curves   curves
	outcomes []experiment.Outcome // without curves
}

// Damaged is a trial whose record exists but cannot be used.
type Damaged struct {
	Trial  string `json:"trial"`
	Reason string `json:"reason"`
}

// openRun returns the run in one folder, of which nothing but the plan is read.
func openRun(dir string) (*Run, error) {
	folder, err := experiment.Open(dir)
	if err != nil {
		return nil, err
	}
	run := &Run{}
	if err := run.add(folder); err != nil {
		return nil, err
	}
	return run, nil
}

// agrees reports whether the results of two runs belong into one table. Those of two
// searches do not: each has chosen its own λ.
func (r *Run) agrees(other *Run) bool {
	return r.Stage == "" && other.Stage == "" && r.Plan.Agrees(other.Plan)
}

// add adds run folders to the run.
func (r *Run) add(folders ...*experiment.Folder) (err error) {
	r.folders = append(r.folders, folders...)
	if r.pool, err = experiment.PoolFolders(r.folders...); err == nil {
		r.Plan = r.pool.Plan
	}
	return err
}

// read reads the records of the run.
func (r *Run) read() error {
	r.curves = curves{}
	drawn := !r.searched() // whose figures are of the final numbers alone
	outcomes, unusable := make([]experiment.Outcome, len(r.Plan.Trials)), map[string]bool{}
	for i, t := range r.Plan.Trials {
		record, found, err := r.pool.Read(i, func(err error) {
			var damaged *experiment.DamagedError
			errors.As(err, &damaged)
			r.Damaged = append(r.Damaged, Damaged{t.ID, r.inside(oneLine(damaged.Reason))})
			unusable[t.ID] = true
		})
		if err != nil {
			return err
		}
		if found {
			if drawn {
				r.curves.add(record.Outcome)
			}
			r.Records++
			outcomes[i] = record.Outcome
			outcomes[i].Curve = nil
		}
	}
	if len(r.folders) == 1 {
		if err := r.folders[0].MarkPaused(outcomes, func(error) {}); err != nil { // training names damaged ones
			return err
		}
	}
	r.outcomes = outcomes
	r.Summary = experiment.Summarize(r.Plan, outcomes).InStage(r.Stage)
	r.Summary.Missing = slices.DeleteFunc(r.Summary.Missing, func(id string) bool { return unusable[id] })
	return nil
}

// inside returns a text in which paths begin in the run's folders, wherever these lie.
func (r *Run) inside(text string) string {
	for _, f := range r.folders {
		text = strings.ReplaceAll(text, f.Dir+string(filepath.Separator), "")
	}
	return text
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

// otherData reports whether the run is of other data than the study's.
func (r *Run) otherData() bool { return !r.Plan.Dataset.IsOriginal() }
