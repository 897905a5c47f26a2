package main

import (
	"context"

	"bnlab/cmd/internal/shell"
	"bnlab/train"
	"bnlab/train/experiment"
)

// planCommand writes plans, with one subcommand per kind.
func planCommand() *shell.Command {
	return shell.NewGroup(shell.Command{
		Name:  "plan",
		Usage: "write a plan",
		Description: `Examples:
  bnlab sweep plan compare --depth 3,9 --seeds 10 --out runs/depth
  bnlab sweep plan lambda --bn --seeds 3 --out runs/coarse
  bnlab sweep plan sigma --seeds 5 --out runs/spread`,
	},
		newPlan(shell.Command{
			Name: "compare", Usage: "depths with and without batch normalisation",
			Description: "bnlab sweep plan compare --depth 3,9 --seeds 10 --out runs/depth",
		}, defaultDepths(), train.Default().NS, "hidden bn"),
		newPlan(shell.Command{
			Name: "lambda", Usage: "values of λ",
			Description: "bnlab sweep plan lambda --bn --lambdas 1e-4,1e-3,1e-2 --seeds 3 --out runs/lambda",
		}, lambdas{}, train.Default().NS, "lambda"),
		newPlan(shell.Command{
			Name: "sigma", Usage: "initial weight scales, with and without batch normalisation",
			Description: "bnlab sweep plan sigma --sigmas 1e-3 --seeds 20 --out runs/sigma",
		}, defaultSpreads(), sigmaNS, "bn init sigma"))
}

// lambdas are the weights of the penalty of a grid.
type lambdas struct {
	Lambdas []float64 `flag:"lambdas" help:"values of λ; empty for the study's coarse grid"`
}

func (l lambdas) trials(_ *shell.Call, base train.Config, seeds int) ([]experiment.Trial, error) {
	if len(l.Lambdas) == 0 {
		l.Lambdas = experiment.CoarseLambdas()
	}
	return experiment.Search(base, l.Lambdas, seeds), nil
}

// newPlan returns the command that plans the trials of a question.
func newPlan[Q question](c shell.Command, q Q, ns int, omit string) *shell.Command {
	type options struct {
		Question Q
		// In place of those of a study, which trains: a plan does not.
		Workers int    `flag:"workers" min:"0" max:"4096" help:"workers on all hosts together; 0 for as many as the cores here allow"`
		Out     string `flag:"out" arg:"DIR" help:"create the run folder DIR and write the plan to it"`
		studyOptions
	}
	c.Description = "Examples:\n  " + c.Description
	defaults := options{Question: q, studyOptions: defaultStudy(ns)}
	omit += " quiet tensorboard"
	return shell.New(c, defaults, omit, func(ctx context.Context, call *shell.Call, o options) error {
		trials, err := o.Question.trials(call, o.Config, o.Seeds)
		if err != nil {
			return err
		}
		if o.Out == "" {
			return call.Bad("out", "name the folder for the plan")
		}
		o.studyOptions.Workers, o.studyOptions.Out = o.Workers, o.Out
		lab, err := o.open(call, false)
		if err != nil {
			return err
		}
		plan, err := lab.Plan(c.Name, trials)
		if err != nil {
			return err
		}
		folder, err := experiment.Create(o.Out, plan)
		if err != nil {
			return err
		}
		return printStatus(ctx, call, folder, false, o.JSON)
	})
}
