package main

import (
	"bnlab/cmd/internal/shell"
	"bnlab/train"
	"bnlab/train/experiment"
)

// depths are the networks of compare.
type depths struct {
	Depth []int `flag:"depth" help:"network depths in layers: 2, 3 or 9"`
}

func defaultDepths() depths { return depths{[]int{3, 9}} }

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
	}, defaultDepths(), train.Default().NS, "hidden bn")
}

func (d depths) trials(_ *shell.Call, base train.Config, seeds int) ([]experiment.Trial, error) {
	return experiment.Compare(base, d.Depth, seeds)
}
