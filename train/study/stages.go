package study

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"bnlab/train/experiment"
	"bnlab/train/message"
)

// Before returns the groups of the stages before one, from the records in the run folder
// of the experiment. It is an error about the field stage if one of them is not complete.
func (e *Experiment) Before(dir, stage string) (groups []experiment.Group, err error) {
	for _, before := range e.Stages() {
		if before == stage {
			break
		}
		at := filepath.Join(dir, before)
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
		return nil, message.Fieldf("{stage} %s: it needs the %s stage, but %s %s; run {stage} %[2]s, or {stage} all", stage, before, at, missing)
	}
	return groups, nil
}

// Size returns how many trials the experiment has, in all stages.
func (e *Experiment) Size() int {
	n := len(e.trials)
	if s := e.Search; s != nil {
		if s.Fine != nil {
			n += s.Fine.Draw * len(e.Seeds)
		}
		if s.Final != nil {
			n += len(s.Final.Seeds)
		}
	}
	return n
}

// Questions returns what the experiment tells, each in a few words.
func (e *Experiment) Questions() (all []string) {
	for _, c := range e.Contrast {
		all = append(all, e.Name+": difference of "+c.Of+" in "+c.Metric)
	}
	if s := e.Search; s != nil {
		all = append(all, e.Name+": best "+s.Over+" by "+s.Choose)
	}
	return all
}
