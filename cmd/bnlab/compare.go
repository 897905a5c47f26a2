package main

import (
	"time"

	"github.com/urfave/cli/v2"

	"bnlab/train"
	"bnlab/train/experiment"
)

func compareCommand() *cli.Command {
	return &cli.Command{
		Name:  "compare",
		Usage: "train networks with and without batch normalisation",
		Description: `Experiments 2 and 3 of the study: networks of each depth with and without batch
normalisation, several seeds each, and the study's figure beside ours.

Examples:
  bnlab compare --depth 3,9 --seeds 5
  bnlab compare --depth 3 --seeds 1 --cycles 1 --ns 450      a quick look
  bnlab compare --depth 9 --seeds 3 --json > nine.json`,
		Flags: flags([]cli.Flag{
			textFlag("depth", "3,9", "layers of the networks: of 2, 3, 9"),
		}, sweepFlags(), hyperFlags(), dataFlags()),
		Action: func(ctx *cli.Context) error {
			return runSweep(ctx, "compare", func(c train.Config, seeds int) ([]experiment.Trial, error) {
				depths, err := splitInts("--depth", ctx.String("depth"))
				if err != nil {
					return nil, err
				}
				trials, err := experiment.Compare(c, depths, seeds)
				if err != nil {
					return nil, usageError(err.Error())
				}
				return trials, nil
			})
		},
	}
}

func flags(groups ...[]cli.Flag) []cli.Flag {
	var all []cli.Flag
	for _, g := range groups {
		all = append(all, g...)
	}
	return all
}

// runSweep trains the trials that plan makes of the flags and prints their
// summary.
func runSweep(ctx *cli.Context, name string, trialsOf func(train.Config, int) ([]experiment.Trial, error)) error {
	if err := noArguments(ctx); err != nil {
		return err
	}
	s, err := sweepOf(ctx)
	if err != nil {
		return err
	}
	trials, err := trialsOf(s.base, s.seeds)
	if err != nil {
		return err
	}
	data, err := openData(ctx, s.base)
	if err != nil {
		return err
	}
	plan := &experiment.Plan{Format: experiment.Format, Experiment: name, Dataset: data.dataset(), Program: version, Trials: trials}
	plan.Fuse(s.fuse, s.workers)
	if err := plan.Check(); err != nil {
		return err
	}
	start := time.Now()
	progress := newProgress(ctx, plan)
	outcomes, err := experiment.Runner{Workers: s.workers, Data: data.data(), Observer: progress}.Run(ctx.Context, plan)
	progress.close()
	if err != nil {
		return err
	}
	summary := experiment.Summarize(plan, outcomes)
	summary.WallSeconds = time.Since(start).Seconds()
	if ctx.Bool("json") {
		err = printJSON(ctx.App.Writer, summary)
	} else {
		printSummary(ctx.App.Writer, data.title(), summary)
	}
	if err != nil {
		return err
	}
	return experiment.Failed(outcomes)
}
