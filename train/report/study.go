// Package report makes tables, figures and a page from the records of a study,
// without training anything.
package report

import (
	"cmp"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"slices"

	"bnlab/train/experiment"
	"bnlab/train/message"
)

// Study is what the records of one or more runs say. The same records give the same
// Study, wherever they are.
type Study struct {
	Runs      []*Run
	Questions []*Question                // of studies, that the runs answer
	Gradients *experiment.GradientRecord // of the first folder with any, else nil
	Claims    []Claim
	Warnings  []string               // what a reader must know before trusting a figure
	Again     func([]Asked) []string // commands that train these again and report on them, for the page; nil for none
	Notes     []string               // runs that were given twice, or pooled: of no interest to readers of the report
}

// Read reads the records of every run folder at or below each of dirs and changes
// nothing there. It is an error, which wraps experiment.ErrPlan, if one of dirs holds
// no run or a plan cannot be read. Trials without a valid record are not an error; the
// study names them. A run given under several names is read once, and one whose
// configurations agree with those of an earlier one is pooled with it; both are noted.
func Read(dirs []string) (*Study, error) {
	s := &Study{}
	var given, known folderSet
	for _, dir := range dirs {
		if note := given.add(dir); note != "" {
			s.Notes = append(s.Notes, note)
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
			if note := known.add(folder); note != "" {
				s.Notes = append(s.Notes, note)
				continue
			}
			run, err := openRun(folder)
			if err != nil {
				return nil, err
			}
			if err := run.ask(folder); err != nil {
				s.Warnings = append(s.Warnings, fmt.Sprintf("The question of %s is not used: %s.", filepath.Base(folder), oneLine(err)))
			}
			if at := slices.IndexFunc(s.Runs, run.agrees); at >= 0 {
				if err := s.Runs[at].add(run.folders...); err != nil {
					return nil, err
				}
				s.Notes = append(s.Notes, message.Text(fmt.Sprintf("%s is pooled with %s: their configurations agree", folder, s.Runs[at].folders[0].Dir)))
				continue
			}
			run.Name = s.nameFor(run, dir, folder, len(dirs) > 1)
			s.Runs = append(s.Runs, run)
		}
	}
	for _, run := range s.Runs {
		if err := run.read(); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(s.Runs, func(a, b *Run) int { // the stages of one search in the order in which they are run
		if a.Stage == "" || b.Stage == "" || path.Dir(a.Name) != path.Dir(b.Name) {
			return 0
		}
		return cmp.Compare(slices.Index(stages, a.Stage), slices.Index(stages, b.Stage))
	})
	var err error
	if s.Questions, err = questions(s.Runs); err != nil {
		return nil, err
	}
	s.Claims = claims(s.Runs)
	s.Warnings = append(s.Warnings, warnings(s.Runs, s.Gradients)...)
	for _, q := range s.Questions {
		s.Warnings = append(s.Warnings, q.waiting()...)
	}
	if len(s.Claims) == 0 && slices.ContainsFunc(s.Runs, func(r *Run) bool { return r.published() && !r.otherData() }) {
		s.Warnings = append(s.Warnings, "No trial was trained like the study's, so there is no published figure to put beside ours.")
	}
	return s, nil
}

// readGradients reads the gradient checks of a study's folder, if any. A damaged record
// is a warning.
func (s *Study) readGradients(dir string) error {
	r, err := experiment.ReadGradients(dir)
	var damaged *experiment.DamagedError
	switch {
	case errors.As(err, &damaged):
		s.Warnings = append(s.Warnings, fmt.Sprintf("The record of the gradient check is damaged and not used: %s.", oneLine(damaged.Reason)))
		return nil
	case err != nil:
		return err
	case r != nil && !r.OK:
		s.Warnings = append(s.Warnings, "The gradient check failed: do not trust any figure below.")
	}
	if s.Gradients == nil {
		s.Gradients = r
	}
	return nil
}

// nameFor names a run by its path below the folder given, prefixed with that folder's
// name if several are given, and makes the name unique.
func (s *Study) nameFor(run *Run, dir, folder string, several bool) string {
	below, err := filepath.Rel(dir, folder)
	if err != nil {
		below = "."
	}
	name := below
	switch {
	case several:
		name = filepath.Join(filepath.Base(filepath.Clean(dir)), below)
	case below == ".":
		name = run.Plan.Experiment
	}
	name = message.Text(filepath.ToSlash(name))
	unique := name
	for i := 2; slices.ContainsFunc(s.Runs, func(r *Run) bool { return r.Name == unique }); i++ {
		unique = fmt.Sprintf("%s (%d)", name, i)
	}
	return unique
}
