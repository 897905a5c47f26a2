package main

import (
	"context"

	"bnlab/cmd/internal/question"
	"bnlab/cmd/internal/shell"
	"bnlab/cmd/internal/sweep"
	"bnlab/train/answer"
	"bnlab/train/experiment"
	"bnlab/train/study"
)

// newStudy returns the command that is the study of its name, of one experiment.
func newStudy[Q question.Flags](c shell.Command, q Q, omit string) *shell.Command {
	type options struct {
		Question Q
		sweep.Options
	}
	return shell.New(c, options{q, sweep.Default(question.Base(c.Name))}, omit, func(ctx context.Context, call *shell.Call, o options) error {
		s, err := question.Of(call, c.Name, o.Question, o.Config, o.Seeds)
		if err != nil {
			return err
		}
		lab, err := o.Lab(call, true)
		if err != nil {
			return err
		}
		return o.Finish(call, func() (experiment.Summary, error) { return runAll(ctx, lab, s) })
	})
}

// runAll trains what is missing of a study, and returns the summary of all its
// experiments. If it fails, it is that of the experiment that did.
func runAll(ctx context.Context, lab *experiment.Lab, s *study.Study) (all experiment.Summary, err error) {
	results, err := answer.Train(ctx, lab, s)
	for i, r := range results {
		if i == 0 || err != nil {
			all = r.Summary
		} else {
			all = all.Join(r.Summary)
		}
	}
	return all, err
}
