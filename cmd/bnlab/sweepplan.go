package main

import (
	"context"

	"bnlab/cmd/internal/question"
	"bnlab/cmd/internal/runfolder"
	"bnlab/cmd/internal/shell"
	"bnlab/cmd/internal/sweep"
	"bnlab/train/answer"
)

// planCommand writes plans, with one subcommand per kind.
func planCommand() *shell.Command {
	return shell.NewGroup(shell.Command{
		Name: "plan", Default: "study",
		Usage: "write a plan",
		Description: `A word that is no command below is a study: a file, or the name of one that comes with
the program.

Examples:
  bnlab sweep plan search --seeds 3 --out runs/search
  bnlab sweep plan compare --depth 3,9 --seeds 10 --out runs/depth
  bnlab sweep plan lambda --bn --seeds 3 --out runs/coarse
  bnlab sweep plan sigma --seeds 5 --out runs/spread`,
	},
		studyPlanCommand(),
		newPlan(shell.Command{
			Name: "compare", Usage: "depths with and without batch normalisation",
			Description: "bnlab sweep plan compare --depth 3,9 --seeds 10 --out runs/depth",
		}, question.DefaultDepths(), "hidden bn norm"),
		newPlan(shell.Command{
			Name: "lambda", Usage: "values of λ",
			Description: "bnlab sweep plan lambda --bn --lambdas 1e-4,1e-3,1e-2 --seeds 3 --out runs/lambda",
		}, question.Lambdas{}, "lambda"),
		newPlan(shell.Command{
			Name: "sigma", Usage: "initial weight scales, with and without batch normalisation",
			Description: "bnlab sweep plan sigma --sigmas 1e-3 --seeds 20 --out runs/sigma",
		}, question.DefaultSpreads(), "bn norm init sigma"))
}

// newPlan returns the command that plans the study of its name, of one experiment.
func newPlan[Q question.Flags](c shell.Command, q Q, omit string) *shell.Command {
	type options struct {
		Question Q
		// In place of those of a study, which trains: a plan does not.
		Workers int    `flag:"workers" min:"0" max:"4096" help:"workers on all hosts together; 0 for as many as the cores here allow"`
		Out     string `flag:"out" arg:"DIR" help:"create the run folder DIR and write the plan to it"`
		sweep.Options
	}
	c.Description = "Examples:\n  " + c.Description
	defaults := options{Question: q, Options: sweep.Default(question.Base(c.Name))}
	omit += " quiet tensorboard backend"
	return shell.New(c, defaults, omit, func(ctx context.Context, call *shell.Call, o options) error {
		s, err := question.Of(call, c.Name, o.Question, o.Config, o.Seeds)
		if err != nil {
			return err
		}
		if o.Out == "" {
			return call.Bad("out", "name the folder for the plan")
		}
		o.Options.Workers, o.Options.Out = o.Workers, o.Out
		lab, err := o.Lab(call, false)
		if err != nil {
			return err
		}
		lab.Room = nil // it is trained elsewhere
		folders, err := answer.Begin(lab, s)
		if err != nil {
			return err
		}
		return runfolder.PrintStatus(ctx, call, answer.WorkOf(folders[0]), false, o.JSON)
	})
}
