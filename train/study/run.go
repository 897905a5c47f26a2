package study

import (
	"context"
	"fmt"
	"path/filepath"

	"bnlab/train/experiment"
	"bnlab/train/message"
)

// Result is what came of an experiment of a study.
type Result struct {
	experiment.Summary
	Contrasts []Contrast  `json:"contrasts"`
	Claims    []Judged    `json:"claims"`
	Agreement []Agreement `json:"agreement"` // with earlier results; empty without

	Plan     *experiment.Plan     `json:"-"`
	Outcomes []experiment.Outcome `json:"-"` // of the plan's trials
}

// Run trains what is missing of the study's experiments, one after the other, and compares
// their groups. Each has a folder of its name in the lab's run folder, a single one the
// run folder itself.
func Run(ctx context.Context, lab *experiment.Lab, s *Study) ([]Result, error) {
	plans := make([]*experiment.Plan, len(s.Experiments))
	for i := range s.Experiments { // all of them, so that the last is not the first to be refused
		var err error
		if plans[i], err = lab.Plan(s.Experiments[i].Name, s.Experiments[i].Trials()); err != nil {
			return nil, err
		}
		plans[i].Keep = s.Keep
	}
	if lab.Dir == "" && s.Keep != "" {
		return nil, message.Fieldf("{out}: name a folder; the study keeps its %s there", s.Keep)
	}
	if lab.Dir != "" {
		if err := s.begin(lab, plans); err != nil {
			return nil, err
		}
	}
	var results []Result
	for i, e := range s.Experiments {
		lab.Say("%s: %s", e.Name, message.Count(len(plans[i].Trials), "trial"))
		plan, outcomes, err := lab.Outcomes(ctx, plans[i], s.folder(e))
		if err != nil {
			return results, err
		}
		r := Result{Summary: experiment.Summarize(plan, outcomes), Contrasts: e.Compare(plan.Trials, outcomes), Claims: e.Judge(plan.Trials, outcomes), Plan: plan, Outcomes: outcomes}
		e.publish(r.Groups)
		if s.Keep == experiment.KeepModels {
			r.Warnings = append(r.Warnings, withoutModel(filepath.Join(lab.Dir, s.folder(e)), outcomes)...)
		}
		results = append(results, r)
	}
	if lab.Dir == "" {
		return results, nil
	}
	return results, keepRecords(lab.Dir, results)
}

// withoutModel says which trials were trained before the study had networks kept.
func withoutModel(dir string, outcomes []experiment.Outcome) []string {
	folder := &experiment.Folder{Dir: dir}
	ids := folder.WithoutModel(outcomes)
	if len(ids) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%s were trained without keeping their networks: %s; to have them, remove their folders in %s and run this again",
		message.Count(len(ids), "trial"), message.List(ids), filepath.Join(dir, "trials"))}
}

// publish sets the published figures beside the groups that they are of.
func (e *Experiment) publish(groups []experiment.Group) {
	for i := range groups {
		groups[i].Published = nil
		for _, p := range e.Published {
			if p.Where.meets(groups[i].Config) {
				groups[i].Published = &experiment.Published{TestAcc: p.TestAcc, ValAcc: p.ValAcc}
			}
		}
	}
}
