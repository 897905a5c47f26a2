package study

import (
	"context"

	"bnlab/train/experiment"
	"bnlab/train/message"
)

// Result is what came of an experiment of a study.
type Result struct {
	experiment.Summary
	Contrasts []Contrast `json:"contrasts"`
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
	}
	var results []Result
	for i, e := range s.Experiments {
		sub := ""
		if len(plans) > 1 {
			sub = e.Name
		}
		lab.Say("%s: %s", e.Name, message.Count(len(plans[i].Trials), "trial"))
		plan, outcomes, err := lab.Outcomes(ctx, plans[i], sub)
		if err != nil {
			return results, err
		}
		r := Result{experiment.Summarize(plan, outcomes), e.Compare(plan.Trials, outcomes)}
		e.publish(r.Groups)
		results = append(results, r)
	}
	return results, nil
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
