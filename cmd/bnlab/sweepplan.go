package main

import (
	"context"

	"bnlab/cmd/internal/dataset"
	"bnlab/cmd/internal/shell"
	"bnlab/train"
	"bnlab/train/experiment"
)

// planOptions are those of every plan. Workers and Out stand for those of a sweep, which
// train: a plan does not.
type planOptions struct {
	Workers int    `flag:"workers" min:"0" max:"4096" help:"workers on all hosts together; 0 for as many as the cores here allow"`
	Out     string `flag:"out" arg:"DIR" help:"create the run folder DIR and write the plan to it"`
	sweepOptions
	hyper
	dataset.Options
}

func defaultPlan(ns int) planOptions {
	c := train.Default()
	c.NS = ns
	return planOptions{sweepOptions: defaultSweep(), hyper: hyper{c}, Options: dataset.Default()}
}

// planCommand writes plans: one subcommand for each kind of them.
func planCommand() *shell.Command {
	return shell.NewGroup(shell.Command{
		Name:  "plan",
		Usage: "write a plan",
		Description: `Examples:
  bnlab sweep plan compare --depth 3,9 --seeds 10 --out runs/depth
  bnlab sweep plan lambda --bn --seeds 3 --out runs/coarse
  bnlab sweep plan sigma --seeds 5 --out runs/spread`,
	}, planCompareCommand(), planLambdaCommand(), planSigmaCommand())
}

// newPlan returns the command that plans the trials of one kind, of its own options.
func newPlan[O any](c shell.Command, options O, omit string, trials func(*shell.Call, O) (planOptions, []experiment.Trial, error)) *shell.Command {
	c.Description = "Examples:\n  " + c.Description
	return shell.New(c, options, "quiet tensorboard "+omit, func(_ context.Context, call *shell.Call, o O) error {
		plan, all, err := trials(call, o)
		if err != nil {
			return err
		}
		return plan.write(call, c.Name, all)
	})
}

type planCompareOptions struct {
	depths
	planOptions
}

func planCompareCommand() *shell.Command {
	return newPlan(shell.Command{
		Name: "compare", Usage: "depths with and without batch normalisation",
		Description: "bnlab sweep plan compare --depth 3,9 --seeds 10 --out runs/depth",
	}, planCompareOptions{depths{[]int{3, 9}}, defaultPlan(train.Default().NS)}, "hidden bn",
		func(_ *shell.Call, o planCompareOptions) (planOptions, []experiment.Trial, error) {
			trials, err := o.depths.trials(o.Config, o.Seeds)
			return o.planOptions, trials, err
		})
}

type planLambdaOptions struct {
	Lambdas []float64 `flag:"lambdas" help:"values of λ; empty for the study's coarse grid"`
	planOptions
}

func planLambdaCommand() *shell.Command {
	return newPlan(shell.Command{
		Name: "lambda", Usage: "values of λ",
		Description: "bnlab sweep plan lambda --bn --lambdas 1e-4,1e-3,1e-2 --seeds 3 --out runs/lambda",
	}, planLambdaOptions{planOptions: defaultPlan(train.Default().NS)}, "lambda",
		func(_ *shell.Call, o planLambdaOptions) (planOptions, []experiment.Trial, error) {
			if len(o.Lambdas) == 0 {
				o.Lambdas = experiment.CoarseLambdas()
			}
			return o.planOptions, experiment.Search(o.Config, o.Lambdas, o.Seeds), nil
		})
}

type planSigmaOptions struct {
	spreads
	planOptions
}

func planSigmaCommand() *shell.Command {
	return newPlan(shell.Command{
		Name: "sigma", Usage: "initial weight scales, with and without batch normalisation",
		Description: "bnlab sweep plan sigma --sigmas 1e-3 --seeds 20 --out runs/sigma",
	}, planSigmaOptions{defaultSpreads(), defaultPlan(sigmaNS)}, "bn init sigma",
		func(call *shell.Call, o planSigmaOptions) (planOptions, []experiment.Trial, error) {
			trials, err := o.spreads.trials(call, o.Config, o.Seeds)
			return o.planOptions, trials, err
		})
}

// write makes the run folder with the plan of the trials in it.
func (o planOptions) write(call *shell.Call, name string, trials []experiment.Trial) error {
	if o.Out == "" {
		return call.Bad("out", "name the folder for the plan")
	}
	sweep := o.sweepOptions
	sweep.Workers = o.Workers
	sweep.setWorkers(call, false)
	lab, err := sweepRequest{sweep, o.Config, o.Options, o.Out}.open(call)
	if err != nil {
		return err
	}
	plan, err := lab.Plan(name, trials)
	if err != nil {
		return err
	}
	folder, err := experiment.Create(o.Out, plan)
	if err != nil {
		return err
	}
	return printStatus(call, folder, o.JSON)
}
