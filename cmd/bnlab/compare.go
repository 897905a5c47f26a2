package main

import (
	"context"

	"bnlab/cmd/internal/dataset"
	"bnlab/cmd/internal/shell"
	"bnlab/train"
	"bnlab/train/experiment"
)

// depths are the networks of compare.
type depths struct {
	Depth []int `flag:"depth" help:"network depths in layers: 2, 3 or 9"`
}

type compareOptions struct {
	depths
	sweepOptions
	runFolder
	hyper
	dataset.Options
}

func defaultCompare() compareOptions {
	return compareOptions{depths{[]int{3, 9}}, defaultSweep(), runFolder{}, defaultHyper(), dataset.Default()}
}

func compareCommand() *shell.Command {
	return shell.New(shell.Command{
		Name:  "compare",
		Usage: "train networks with and without batch normalisation",
		Description: `Experiments 2 and 3 of the study: networks of each depth with and without batch
normalisation, several seeds each, with the study's figures beside ours.

Examples:
  bnlab compare --depth 3,9 --seeds 5
  bnlab compare --depth 3 --seeds 1 --cycles 1 --ns 450      a quick look
  bnlab compare --depth 9 --seeds 3 --json > nine.json`,
	}, defaultCompare(), "hidden bn", func(ctx context.Context, call *shell.Call, o compareOptions) error {
		c := o.Config
		trials, err := o.trials(c, o.Seeds)
		if err != nil {
			return err
		}
		return sweepRequest{o.sweepOptions, c, o.Options, o.Out}.trainAll(ctx, call, "compare", trials)
	})
}

// trials returns those that the depths ask for.
func (d depths) trials(base train.Config, seeds int) ([]experiment.Trial, error) {
	return experiment.Compare(base, d.Depth, seeds)
}
