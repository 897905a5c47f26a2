package answer

import (
	"errors"

	"bnlab/train/experiment"
	"bnlab/train/study"
	"bnlab/train/verdict"
)

// Result is what came of an experiment of a study.
type Result struct {
	experiment.Summary
	Contrasts []verdict.Contrast `json:"contrasts"`
	Claims    []verdict.Judged   `json:"claims"`
	Found     *study.Best        `json:"best"`      // of a search; else nil
	Agreement []Agreement        `json:"agreement"` // with earlier results; empty without

	Trained []Trained             `json:"-"` // each stage
	Made    experiment.Properties `json:"-"` // what all records of its folders were made with; empty where results are kept in memory
}

// Trained is the plan of a stage of an experiment, and what came of its trials.
type Trained struct {
	Stage    string // empty where there are none
	Plan     *experiment.Plan
	Outcomes []experiment.Outcome
}

// Err returns an error if trials of the experiments have failed or are missing.
func Err(results []Result) error {
	var all []error
	for _, r := range results {
		all = append(all, r.Err())
	}
	return errors.Join(all...)
}

// with returns the summary with that of a stage.
func (r *Result) with(stage string, plan *experiment.Plan, outcomes []experiment.Outcome) experiment.Summary {
	summary := experiment.Summarize(plan, outcomes).InStage(stage)
	if len(r.Trained) == 0 {
		summary.Missing = append(r.Missing, summary.Missing...)
		return summary
	}
	return r.Join(summary)
}

// add adds what came of a stage.
func (r *Result) add(e *study.Experiment, t Trained) {
	r.Summary = r.with(t.Stage, t.Plan, t.Outcomes)
	r.Trained = append(r.Trained, t)
	r.Contrasts, r.Claims = verdict.Compare(e, t.Plan.Trials, t.Outcomes), verdict.Judge(e, t.Plan.Trials, t.Outcomes)
	if !t.Plan.Dataset.IsOriginal() {
		verdict.WithoutFigures(r.Claims)
	}
}

// conclude sets the published figures, and what a search has found.
func (r *Result) conclude(e *study.Experiment) error {
	if r.Dataset.IsOriginal() { // the figures are of no other data
		publish(e, r.Groups)
	}
	if e.Search == nil {
		return nil
	}
	found, err := e.Search.Best(r.Groups)
	if err != nil {
		return err
	}
	for _, g := range r.Groups {
		if g.Stage == study.Finals && g.N > 0 {
			found.TestAcc = &g.TestAcc.Mean
		}
	}
	r.Found = &found
	if found.Over == "lambda" && found.Choose == "val-acc" {
		r.Best = &experiment.Best{Lambda: found.Value, ValAcc: found.Score, TestAcc: found.TestAcc}
	}
	return nil
}

// publish sets the published figures beside the groups that they are of.
func publish(e *study.Experiment, groups []experiment.Group) {
	for i := range groups {
		for _, p := range e.Published {
			if p.Where.Meets(groups[i].Config) {
				groups[i].Published = &experiment.Published{TestAcc: p.TestAcc, ValAcc: p.ValAcc}
			}
		}
	}
}
