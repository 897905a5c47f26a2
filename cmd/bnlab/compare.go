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

// sigmaNS is n_s of the study's sweep over σ.
const sigmaNS = 900

// spreads are the initial weights of sigma.
type spreads struct {
	Sigmas []float64 `flag:"sigmas" help:"standard deviations of the initial weights"`
}

func defaultSpreads() spreads { return spreads{[]float64{1e-1, 1e-3, 1e-4}} }

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
	}, defaultSpreads(), sigmaNS, "bn init sigma")
}

func (s spreads) trials(call *shell.Call, base train.Config, seeds int) ([]experiment.Trial, error) {
	if len(s.Sigmas) == 0 {
		return nil, call.Bad("sigmas", "give at least one number")
	}
	for _, sigma := range s.Sigmas {
		if !(sigma > 0) {
			return nil, call.Bad("sigmas", "give standard deviations above 0")
		}
	}
	return experiment.Sigma(base, s.Sigmas, seeds), nil
}
