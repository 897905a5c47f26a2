// Package report makes tables, figures and a page from the records of a study,
// without training anything.
package report

import (
	"cmp"
	"errors"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"bnlab/train/experiment"
)

// Study is what the records of one or more runs say. The same records give the same
// Study, wherever they are.
type Study struct {
	Runs      []*Run
	Gradients *experiment.GradientRecord // of the first folder that has any, else nil
	Claims    []Claim
	Warnings  []string // what a reader has to know before trusting a figure
	Notes     []string // runs that were given twice: of no concern to who reads the report
}

// Run is the records of one run folder.
type Run struct {
	Name    string // path below the folder given, as search/fine
	Stage   string // coarse, fine or final, of a search for λ; else empty
	Plan    *experiment.Plan
	Records []experiment.Record // the sound ones, in the plan's order, without their curves
	Damaged []Damaged
	Summary experiment.Summary

	losses lossCurves
}

// Damaged is a trial whose record exists but cannot be used.
type Damaged struct {
	Trial  string `json:"trial"`
	Reason string `json:"reason"`
}

// Read reads the records of every run folder at or below each of dirs and changes
// nothing there. It is an error, which wraps experiment.ErrPlan, if one of dirs
// holds no run or a plan cannot be read. Trials without a sound record are no error;
// the study names them. A run that is given by several names is read once, and noted.
func Read(dirs []string) (*Study, error) {
	s := &Study{}
	var given, runs known
	for _, dir := range dirs {
		if before, there := given.add(dir); there {
			s.again(dir, before)
			continue
		}
		folders, err := runFolders(dir)
		if err != nil {
			return nil, err
		}
		if err := s.readGradients(dir); err != nil {
			return nil, err
		}
		for _, folder := range folders {
			if before, there := runs.add(folder); there {
				s.again(folder, before)
				continue
			}
			run, err := readRun(folder)
			if err != nil {
				return nil, err
			}
			run.Name = s.nameFor(run, dir, folder, len(dirs) > 1)
			s.Runs = append(s.Runs, run)
		}
	}
	slices.SortStableFunc(s.Runs, byStage)
	s.Claims = claims(s.Runs)
	s.Warnings = append(s.Warnings, warnings(s.Runs, s.Gradients)...)
	if len(s.Claims) == 0 {
		s.Warnings = append(s.Warnings, "No trial is trained as the study's were, so there is no published figure to put beside ours.")
	}
	return s, nil
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
			if !isLambda(run) { // whose figures are of the final numbers alone
				run.losses.add(record)
			}
			record.Curve = nil
			run.Records = append(run.Records, record)
			outcomes[i] = record.Outcome
		}
	}
	run.summarize(outcomes, stageOf(dir))
	return run, nil
}

// summarize is experiment.Summarize with the stage. Trials with a damaged record are
// not counted as missing too.
func (r *Run) summarize(outcomes []experiment.Outcome, stage string) {
	r.Summary = experiment.Summarize(r.Plan, outcomes)
	damaged := map[string]bool{}
	for _, d := range r.Damaged {
		damaged[d.Trial] = true
	}
	r.Summary.Missing = slices.DeleteFunc(r.Summary.Missing, func(id string) bool { return damaged[id] })
	if r.Plan.Experiment == "search" && stage != "" {
		r.Stage = stage
		r.Summary = r.Summary.InStage(stage)
	}
}

// stages are the parts of a search for λ, each in a folder of its name.
var stages = []string{"coarse", "fine", "final"}

// byStage puts the stages of one search in the order in which they are run.
func byStage(a, b *Run) int {
	if a.Stage == "" || b.Stage == "" || path.Dir(a.Name) != path.Dir(b.Name) {
		return 0
	}
	return cmp.Compare(slices.Index(stages, a.Stage), slices.Index(stages, b.Stage))
}

// otherData tells whether the run is of other data than the study's.
func (r *Run) otherData() bool { return !r.Plan.Dataset.IsOriginal() }
