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
	Found     *Best       `json:"best"`      // of a search; else nil
	Agreement []Agreement `json:"agreement"` // with earlier results; empty without

	Trained []Trained `json:"-"` // each stage
}

// Trained is the plan of a stage of an experiment, and what came of its trials.
type Trained struct {
	Stage    string // empty where there are none
	Plan     *experiment.Plan
	Outcomes []experiment.Outcome
}

// Run trains what is missing of the study as Train does, and keeps the question and a
// table of all trials beside their folders.
func Run(ctx context.Context, lab *experiment.Lab, s *Study) ([]Result, error) {
	if lab.Dir == "" && s.Keep != "" {
		return nil, message.Fieldf("{out}: name a folder; the study keeps its %s there", s.Keep)
	}
	if lab.Dir != "" {
		if err := s.Begin(lab); err != nil {
			return nil, err
		}
	}
	results, err := s.Train(ctx, lab)
	if err != nil || lab.Dir == "" {
		return results, err
	}
	return results, s.keepRecords(lab.Dir, results)
}

// Train trains what is missing of the study's experiments, one after the other, and
// compares their groups. Each has a folder of its name in the lab's run folder, a single
// one the run folder itself; and in it each stage of a search. If it fails, the last
// result is of what came before in the same experiment.
func (s *Study) Train(ctx context.Context, lab *experiment.Lab) (results []Result, err error) {
	if _, err := s.firstPlans(lab); err != nil {
		return nil, err
	}
	for i := range s.Experiments {
		e := &s.Experiments[i]
		stages := e.Stages()
		r, err := s.TrainTo(ctx, lab, e, stages[len(stages)-1])
		if results = append(results, r); err != nil {
			return results, err
		}
	}
	return results, nil
}

// firstPlans returns the plans of the first stages of all experiments, so that the last
// one is not the first to be refused.
func (s *Study) firstPlans(lab *experiment.Lab) (plans []*experiment.Plan, err error) {
	for i := range s.Experiments {
		plan, err := s.plan(lab, &s.Experiments[i], s.Experiments[i].Trials())
		if err != nil {
			return nil, err
		}
		plans = append(plans, plan)
	}
	return plans, nil
}

// Check returns an error if the lab cannot train all of the study.
func (s *Study) Check(lab *experiment.Lab) error {
	_, err := s.firstPlans(lab)
	return err
}

// plan returns the plan of a stage's trials.
func (s *Study) plan(lab *experiment.Lab, e *Experiment, trials []experiment.Trial) (*experiment.Plan, error) {
	plan, err := lab.Plan(e.Name, trials)
	if err != nil {
		return nil, err
	}
	plan.Keep = s.Keep
	return plan, s.limit(plan, lab)
}

// folder returns the path of a stage's folder below that of the study: a single
// experiment, and a single stage, have no folder of their own.
func (s *Study) folder(e *Experiment, stage string) string {
	if len(s.Experiments) == 1 {
		return stage
	}
	return filepath.Join(e.Name, stage)
}

// TrainTo trains what is missing of an experiment's stages up to last. If it fails, the
// result is of what came before.
func (s *Study) TrainTo(ctx context.Context, lab *experiment.Lab, e *Experiment, last string) (r Result, err error) {
	for _, stage := range e.Stages() {
		if err := s.trainStage(ctx, lab, e, stage, &r); err != nil {
			return r, err
		}
		if stage == last {
			break
		}
	}
	return r, e.conclude(&r)
}

// trainStage trains what is missing of a stage, and adds what came of it.
func (s *Study) trainStage(ctx context.Context, lab *experiment.Lab, e *Experiment, stage string, r *Result) error {
	trials, err := e.StageTrials(stage, r.Groups)
	if err != nil {
		return err
	}
	plan, err := s.plan(lab, e, trials)
	if err != nil {
		return err
	}
	sub := s.folder(e, stage)
	switch {
	case stage != "":
		lab.Say("%s, %s stage: %s", e.Name, stage, message.Count(len(trials), "trial"))
	case sub != "":
		lab.Say("%s: %s", e.Name, message.Count(len(trials), "trial"))
	}
	plan, outcomes, err := lab.Outcomes(ctx, plan, sub)
	if err != nil {
		r.Summary = r.with(stage, plan, outcomes)
		return err
	}
	r.add(e, Trained{stage, plan, outcomes})
	if s.Keep == experiment.KeepModels {
		r.Warnings = append(r.Warnings, withoutModel(filepath.Join(lab.Dir, sub), outcomes)...)
	}
	return nil
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
func (r *Result) add(e *Experiment, t Trained) {
	r.Summary = r.with(t.Stage, t.Plan, t.Outcomes)
	r.Trained = append(r.Trained, t)
	r.Contrasts, r.Claims = e.Compare(t.Plan.Trials, t.Outcomes), e.Judge(t.Plan.Trials, t.Outcomes)
	if !t.Plan.Dataset.IsOriginal() {
		withoutFigures(r.Claims)
	}
}

// conclude sets the published figures, and what a search has found.
func (e *Experiment) conclude(r *Result) error {
	if r.Dataset.IsOriginal() { // the figures are of no other data
		e.publish(r.Groups)
	}
	if e.Search == nil {
		return nil
	}
	best, err := e.Search.best(r.Groups)
	if err != nil {
		return err
	}
	for _, g := range r.Groups {
		if g.Stage == Finals && g.N > 0 {
			best.TestAcc = &g.TestAcc.Mean
		}
	}
	r.Found = &best
	if best.Over == "lambda" && best.Choose == "val-acc" {
		r.Best = &experiment.Best{Lambda: best.Value, ValAcc: best.Score, TestAcc: best.TestAcc}
	}
	return nil
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
		for _, p := range e.Published {
			if p.Where.meets(groups[i].Config) {
				groups[i].Published = &experiment.Published{TestAcc: p.TestAcc, ValAcc: p.ValAcc}
			}
		}
	}
}
