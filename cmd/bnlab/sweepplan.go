package main

import (
	"context"

	"bnlab/cmd/internal/shell"
	"bnlab/train/study"
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
		}, defaultDepths(), "hidden bn"),
		newPlan(shell.Command{
			Name: "lambda", Usage: "values of λ",
			Description: "bnlab sweep plan lambda --bn --lambdas 1e-4,1e-3,1e-2 --seeds 3 --out runs/lambda",
		}, lambdas{}, "lambda"),
		newPlan(shell.Command{
			Name: "sigma", Usage: "initial weight scales, with and without batch normalisation",
			Description: "bnlab sweep plan sigma --sigmas 1e-3 --seeds 20 --out runs/sigma",
		}, defaultSpreads(), "bn init sigma"))
}

// lambdas are the weights of the penalty of a grid.
type lambdas struct {
	Lambdas []float64 `flag:"lambdas" help:"values of λ; empty for the study's coarse grid"`
}

func (l lambdas) changes(call *shell.Call, experiment string) ([]study.Change, error) {
	if len(l.Lambdas) == 0 {
		return nil, nil
	}
	if err := noneTwice(call, "lambdas", l.Lambdas); err != nil {
		return nil, err
	}
	return []study.Change{{Experiment: experiment, Path: "vary.lambda", Value: l.Lambdas}}, nil
}

// newPlan returns the command that plans the study of its name, of one experiment.
func newPlan[Q question](c shell.Command, q Q, omit string) *shell.Command {
	type options struct {
		Question Q
		// In place of those of a study, which trains: a plan does not.
		Workers int    `flag:"workers" min:"0" max:"4096" help:"workers on all hosts together; 0 for as many as the cores here allow"`
		Out     string `flag:"out" arg:"DIR" help:"create the run folder DIR and write the plan to it"`
		studyOptions
	}
	c.Description = "Examples:\n  " + c.Description
	defaults := options{Question: q, studyOptions: defaultStudy(c.Name)}
	omit += " quiet tensorboard"
	return shell.New(c, defaults, omit, func(ctx context.Context, call *shell.Call, o options) error {
		changes, err := o.Question.changes(call, c.Name)
		if err != nil {
			return err
		}
		s, err := ask(c.Name, o.Config, o.Seeds, changes)
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
		plan, err := lab.Plan(c.Name, s.Experiments[0].Trials())
		if err != nil {
			return err
		}
		folder, err := lab.Grow(plan, "")
		if err != nil {
			return err
		}
		return printStatus(ctx, call, folder, false, o.JSON)
	})
}
