// Package report makes tables, figures and a page from the records of a study,
// without training anything.
package report

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
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

// noRun is the error of a folder without a run in it.
type noRun string

func (e noRun) Error() string { return string(e) }
func (e noRun) Unwrap() error { return experiment.ErrPlan }

// Read reads the records of every run folder at or below each of dirs and changes
// nothing there. It is an error, which wraps experiment.ErrPlan, if one of dirs
// holds no run or a plan cannot be read. Trials without a sound record are no error;
// the study names them.
func Read(dirs []string) (*Study, error) {
	s := &Study{}
	seen := map[string]bool{}
	for _, dir := range dirs {
		folders, err := runFolders(dir)
		if err != nil {
			return nil, err
		}
		if err := s.readGradients(dir); err != nil {
			return nil, err
		}
		for _, folder := range folders {
			whole, err := filepath.Abs(folder)
			if err != nil {
				return nil, err
			}
			if seen[whole] {
				continue
			}
			seen[whole] = true
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

// planFile is the file that makes a folder a run.
const planFile = "plan.json"

// runFolders returns the run folders at or below dir, sorted.
func runFolders(dir string) ([]string, error) {
	var found []string
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if !entry.IsDir() {
			return nil
		}
		if _, err := os.Stat(filepath.Join(path, planFile)); err == nil {
			found = append(found, path)
			return fs.SkipDir
		}
		return nil
	})
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, noRun(fmt.Sprintf("%s: no such folder; name the --out of a finished or running command", dir))
	case err != nil:
		return nil, err
	case len(found) == 0:
		return nil, noRun(fmt.Sprintf("%s: no run in it (no %s at any depth); name the --out of compare, search, sigma, reproduce or sweep", dir, planFile))
	}
	return found, nil
}

// nameFor names a run by its path below the folder given, with that folder's own
// name in front where several are given, and makes the name unique.
func (s *Study) nameFor(run *Run, dir, folder string, several bool) string {
	name, err := filepath.Rel(dir, folder)
	if err != nil || name == "." {
		name = run.Plan.Experiment
	}
	if several {
		if name = filepath.Base(filepath.Clean(folder)); filepath.Clean(folder) != filepath.Clean(dir) {
			name = filepath.Join(filepath.Base(filepath.Clean(dir)), strings.TrimPrefix(folder, dir))
		}
	}
	name = filepath.ToSlash(name)
	taken := func(n string) bool {
		return slices.ContainsFunc(s.Runs, func(r *Run) bool { return r.Name == n })
	}
	unique := name
	for i := 2; taken(unique); i++ {
		unique = fmt.Sprintf("%s (%d)", name, i)
	}
	return unique
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
	run.summarize(outcomes, filepath.Base(dir))
	return run, nil
}

// summarize is experiment.Summarize with the stage. Trials with a damaged record are
// not counted as missing too.
func (r *Run) summarize(outcomes []experiment.Outcome, base string) {
	r.Summary = experiment.Summarize(r.Plan, outcomes)
	damaged := map[string]bool{}
	for _, d := range r.Damaged {
		damaged[d.Trial] = true
	}
	r.Summary.Missing = slices.DeleteFunc(r.Summary.Missing, func(id string) bool { return damaged[id] })
	if r.Plan.Experiment == "search" && slices.Contains(stages, base) {
		r.Stage = base
		r.Summary = r.Summary.InStage(base)
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
