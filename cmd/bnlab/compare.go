package main

import (
	"context"

	"bnlab/cmd/internal/question"
	"bnlab/cmd/internal/runfolder"
	"bnlab/cmd/internal/shell"
	"bnlab/cmd/internal/sweep"
	"bnlab/train/experiment"
)

func compareCommand() *shell.Command {
	return newStudy(shell.Command{
		Name:  "compare",
		Usage: "train networks with and without batch normalisation",
		Description: `Experiments 2 and 3 of the study: networks of each depth with and without batch
normalisation, several seeds each, with the study's figures beside ours.

Examples:
  bnlab compare --depth 3,9 --seeds 5
  bnlab compare --depth 3 --seeds 1 --cycles 1 --ns 450      a quick look
  bnlab compare --depth 9 --seeds 3 --json > nine.json`,
	}, question.DefaultDepths(), "hidden bn norm")
}

func sigmaCommand() *shell.Command {
	return newStudy(shell.Command{
		Name:  "sigma",
		Usage: "vary initial weight scale, with and without batch normalisation",
		Description: `Experiment 5 of the study: 3-layer networks with initial weights from N(0, σ²), the
same σ in every layer, with and without batch normalisation, several seeds each.

Examples:
  bnlab sigma --seeds 5
  bnlab sigma --sigmas 1e-3 --seeds 20 --out runs/sigma
  bnlab sigma --hidden 100 --sigmas 1,1e-1,1e-2,1e-3,1e-4`,
	}, question.DefaultSpreads(), "bn norm init sigma")
}

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
		return o.Finish(call, func() (experiment.Summary, error) { return runfolder.Summary(ctx, lab, s, "") })
	})
}
