package main

import (
	"context"

	"bnlab/cmd/internal/question"
	"bnlab/cmd/internal/shell"
	"bnlab/cmd/internal/sweep"
	"bnlab/train/answer"
	"bnlab/train/experiment"
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
		return o.Finish(call, func() (experiment.Summary, error) { return answer.TrainAll(ctx, lab, s) })
	})
}
