package main

import (
	"github.com/urfave/cli/v2"

	"bnlab/train"
	"bnlab/train/experiment"
)

// planCommand writes plans: one subcommand for each kind of them.
func planCommand() *cli.Command {
	d := train.Default()
	s := d
	s.NS = sigmaNS
	planFlags := []cli.Flag{
		intFlag("workers", 0, "workers that the trials are spread over, on all hosts; 0 for as many as cores here allow"),
		textFlag("out", "", "make the run folder `DIR`, and put the plan into it"),
	}
	plan := func(name, usage, example string, own, hyper []cli.Flag, make trialsOf) *cli.Command {
		return &cli.Command{
			Name: name, Usage: usage,
			Description: "Examples:\n  " + example,
			Flags:       flags(own, without(sweepFlags(), "workers", "quiet", "tensorboard"), planFlags, hyper, dataFlags()),
			Action:      func(ctx *cli.Context) error { return sweepPlan(ctx, name, make) },
		}
	}
	return &cli.Command{
		Name:  "plan",
		Usage: "write a plan",
		Description: `Examples:
  bnlab sweep plan compare --depth 3,9 --seeds 10 --out runs/depth
  bnlab sweep plan lambda --bn --seeds 3 --out runs/coarse
  bnlab sweep plan sigma --seeds 5 --out runs/spread`,
		Subcommands: []*cli.Command{
			plan("compare", "depths with and without batch normalisation",
				"bnlab sweep plan compare --depth 3,9 --seeds 10 --out runs/depth", compareFlags(), hyperFlags(d), compareTrials),
			plan("lambda", "values of λ",
				"bnlab sweep plan lambda --bn --lambdas 1e-4,1e-3,1e-2 --seeds 3 --out runs/lambda",
				append(netFlags(), textFlag("lambdas", "", "values of λ; empty for the coarse grid of the study")),
				without(hyperFlags(d), "lambda"), lambdaTrials),
			plan("sigma", "spreads of the initial weights, with and without batch normalisation",
				"bnlab sweep plan sigma --sigmas 1e-3 --seeds 20 --out runs/sigma", sigmaFlags(), without(hyperFlags(s), "init", "sigma"), sigmaTrials),
		},
	}
}

// lambdaTrials returns the trials that the flags of plan lambda ask for.
func lambdaTrials(ctx *cli.Context, base train.Config, seeds int) ([]experiment.Trial, error) {
	if ctx.String("lambdas") == "" {
		return experiment.Search(base, experiment.CoarseLambdas(), seeds), nil
	}
	lambdas, err := splitFloats("--lambdas", ctx.String("lambdas"))
	if err != nil {
		return nil, err
	}
	return experiment.Search(base, lambdas, seeds), nil
}

func sweepPlan(ctx *cli.Context, name string, make trialsOf) error {
	s, err := newSession(ctx, anyWorkers)
	if err != nil {
		return err
	}
	if s.out == "" {
		return usagef("--out: name the folder for the plan")
	}
	trials, err := make(ctx, s.base, s.seeds)
	if err != nil {
		return err
	}
	if err := s.open(); err != nil {
		return err
	}
	folder, err := experiment.Create(s.out, s.plan(name, trials))
	if err != nil {
		return err
	}
	return printStatus(ctx, folder)
}
