package main

import (
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
		Flags: flags(compareFlags(), sweepFlags(), outFlags(""), hyperFlags(train.Default()), dataFlags()),
		Action: func(ctx *cli.Context) error {
			return single(ctx, "compare", compareTrials)
		},
	}
}

func compareFlags() []cli.Flag {
	return []cli.Flag{textFlag("depth", "3,9", "layers of the networks: of 2, 3, 9")}
}

// compareTrials returns the trials that the flags of compare ask for.
func compareTrials(ctx *cli.Context, base train.Config, seeds int) ([]experiment.Trial, error) {
	depths, err := splitInts("--depth", ctx.String("depth"))
	if err != nil {
		return nil, err
	}
	if len(depths) == 0 {
		return nil, usagef("--depth: give one or more of 2, 3, 9")
	}
	trials, err := experiment.Compare(base, depths, seeds)
	if err != nil {
		return nil, usageError(err.Error())
	}
	return trials, nil
}

func flags(groups ...[]cli.Flag) []cli.Flag {
	var all []cli.Flag
	for _, g := range groups {
		all = append(all, g...)
	}
	return all
}
