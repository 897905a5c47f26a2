package answer

import (
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"

	"bnlab/train/experiment"
	"bnlab/train/message"
	"bnlab/train/study"
)

// Part is a plan of a study: an experiment, or a stage of one.
type Part struct {
	*study.Experiment        // nil of a plan without a study
	Stage             string // empty for an experiment of one stage
	Dir               string // its run folder

	study  *study.Study
	root   string             // folder of the study
	folder *experiment.Folder // once it is read
}

// Parts returns the plans of the study in the folder dir, in the order in which they are
// trained: each stage after those that it depends on.
func Parts(s *study.Study, dir string) (parts []Part) {
	for i := range s.Experiments {
		e := &s.Experiments[i]
		for _, stage := range e.Stages() {
			parts = append(parts, partOf(s, e, stage, dir))
		}
	}
	return parts
}

func partOf(s *study.Study, e *study.Experiment, stage, root string) Part {
	return Part{Experiment: e, Stage: stage, Dir: filepath.Join(root, s.Folder(e, stage)), study: s, root: root}
}

// PartAt returns the part of a study whose run folder is dir, from the question there or in
// one of the two folders above; false if there is none.
func PartAt(dir string) (Part, bool, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return Part{}, false, err
	}
	for _, above := range []string{dir, filepath.Dir(dir), filepath.Dir(filepath.Dir(dir))} {
		s, err := Open(above)
		if err != nil {
			return Part{}, false, err
		}
		if s == nil {
			continue
		}
		for _, p := range Parts(s, above) {
			if p.Dir == dir {
				return p, true, nil
			}
		}
	}
	return Part{}, false, nil
}

// EarlyError is the error of a stage whose plan follows from results that are not there.
type EarlyError struct{ Stage, Needs, Missing string }

// Error returns the whole as one line.
func (e *EarlyError) Error() string {
	return fmt.Sprintf("the %s stage needs the %s stage, but %s", e.Stage, e.Needs, e.Missing)
}

// Unwrap returns experiment.ErrPlan.
func (e *EarlyError) Unwrap() error { return experiment.ErrPlan }

// First returns the part of the experiment's first stage, which may be p.
func (p Part) First() Part {
	if p.Experiment == nil || p.Stage == p.Stages()[0] {
		return p
	}
	return partOf(p.study, p.Experiment, p.Stages()[0], p.root)
}

// Folder returns the part's run folder, which must have its plan.
func (p *Part) Folder() (f *experiment.Folder, err error) {
	if p.folder == nil {
		p.folder, err = experiment.Open(p.Dir)
	}
	return p.folder, err
}

// Study returns the study whose part it is.
func (p Part) Study() *study.Study { return p.study }

// Root returns the folder of the study.
func (p Part) Root() string { return p.root }

// Before returns the groups of the stages before this one, from their records. Its error
// is an EarlyError if one of them is not complete.
func (p Part) Before() (groups []experiment.Group, err error) {
	for _, before := range p.Stages() {
		if before == p.Stage {
			break
		}
		at := filepath.Join(p.root, p.study.Folder(p.Experiment, before))
		missing := "does not exist"
		if _, err := os.Stat(at); !errors.Is(err, fs.ErrNotExist) {
			folder, err := experiment.Open(at)
			if err != nil {
				return nil, err
			}
			outcomes, err := folder.Outcomes(func(error) {}) // the stage itself reports damaged ones
			if err != nil {
				return nil, err
			}
			summary := experiment.Summarize(folder.Plan, outcomes).InStage(before)
			groups = append(groups, summary.Groups...)
			n := len(summary.Missing)
			if n == 0 {
				continue
			}
			missing = "lacks " + message.Count(n, "trial")
		}
		return nil, &EarlyError{p.Stage, before, at + " " + missing}
	}
	return groups, nil
}

// Create returns the part's run folder with its plan, which is made if it is missing, as a
// function of the question and of the records of the stages before: any process that
// comes first makes the same. Its error is an EarlyError if these are not complete.
func (p Part) Create(lab *experiment.Lab) (*experiment.Folder, error) {
	groups, err := p.Before()
	if err != nil {
		return nil, err
	}
	trials, err := p.StageTrials(p.Stage, groups)
	if err != nil {
		return nil, err
	}
	plan, err := planOf(lab, p.study, p.Experiment, trials)
	if err != nil {
		return nil, err
	}
	return lab.Create(plan, p.study.Folder(p.Experiment, p.Stage))
}

// Files returns the paths of the files of a study's run in the folder dir, or of a run of
// one plan: the question, and what experiment.Files returns. They need not exist.
func Files(dir string) iter.Seq[string] {
	return func(yield func(string) bool) {
		s, err := Open(dir)
		if !yield(filepath.Join(dir, QuestionFile)) {
			return
		}
		dirs := []string{dir}
		if s != nil && err == nil {
			for _, p := range Parts(s, dir) {
				dirs = append(dirs, p.Dir)
			}
		}
		for _, d := range dirs {
			for file := range experiment.Files(d) {
				if !yield(file) {
					return
				}
			}
		}
	}
}
