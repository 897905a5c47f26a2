// Package answer answers studies: it trains what a study asks for, stage by stage in a run
// folder, and says what came of it.
package answer

import (
	"context"
	"fmt"
	"path/filepath"

	"bnlab/train/experiment"
	"bnlab/train/message"
	"bnlab/train/study"
)

// Run trains what is missing of the study's experiments, one after the other, of a search
// its stages up to last; all of them if last is empty. Each experiment has a folder of its
// name in the lab's run folder, a single one the run folder itself; and in it each stage of
// a search. It keeps the question and a table of all trials beside these folders. If it
// fails, the last result is of what came before in the same experiment.
func Run(ctx context.Context, lab *experiment.Lab, s *study.Study, last string) (results []Result, err error) {
	for i := range s.Experiments {
		if err := canResume(lab, &s.Experiments[i]); err != nil {
			return nil, err
		}
	}
	switch {
	case lab.Dir != "":
		_, err = Begin(lab, s)
	case s.Keep != "":
		err = message.Fieldf("{out}: name a folder; the study keeps its %s there", s.Keep)
	default:
		err = Check(lab, s)
	}
	if err != nil {
		return nil, err
	}
	for i := range s.Experiments {
		r, err := trainTo(ctx, lab, s, &s.Experiments[i], last)
		if results = append(results, r); err != nil {
			return results, err
		}
	}
	if lab.Dir == "" {
		return results, nil
	}
	return results, keepRecords(s, lab.Dir, results)
}

// Joined returns the summary of all results.
func Joined(results []Result) (all experiment.Summary) {
	for i, r := range results {
		if i == 0 {
			all = r.Summary
		} else {
			all = all.Join(r.Summary)
		}
	}
	return all
}

// trainTo trains what is missing of an experiment's stages up to last. If it fails, the
// result is of what came before.
func trainTo(ctx context.Context, lab *experiment.Lab, s *study.Study, e *study.Experiment, last string) (r Result, err error) {
	for _, stage := range e.Stages() {
		if err := trainStage(ctx, lab, s, e, stage, &r); err != nil {
			return r, err
		}
		if stage == last {
			break
		}
	}
	return r, r.conclude(e)
}

// trainStage trains what is missing of a stage, and adds what came of it.
func trainStage(ctx context.Context, lab *experiment.Lab, s *study.Study, e *study.Experiment, stage string, r *Result) error {
	trials, err := e.StageTrials(stage, r.Groups)
	if err != nil {
		return err
	}
	plan, err := planOf(lab, s, e, trials)
	if err != nil {
		return err
	}
	sub := s.Folder(e, stage)
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
