package main

import (
	"bnlab/cmd/internal/shell"
	"bnlab/train"
	"bnlab/train/experiment"
)

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
		Usage: "compare initial weight scales, with and without batch normalisation",
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
