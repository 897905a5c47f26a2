package main

import (
	"github.com/urfave/cli/v2"

	"bnlab/train"
	"bnlab/train/experiment"
)

// sigmaNS is n_s of the study's sweep over σ.
const sigmaNS = 900

func sigmaCommand() *cli.Command {
	d := train.Default()
	d.NS = sigmaNS
	return &cli.Command{
		Name:  "sigma",
		Usage: "train from weights of different spread, with and without batch normalisation",
		Description: `Experiment 5 of the study: 3-layer networks whose weights start from N(0, σ²), the
same σ in every layer, with and without batch normalisation, several seeds each.

Examples:
  bnlab sigma --seeds 5
  bnlab sigma --sigmas 1e-3 --seeds 20 --out runs/sigma
  bnlab sigma --hidden 100 --sigmas 1,1e-1,1e-2,1e-3,1e-4`,
		Flags: flags(sigmaFlags(), sweepFlags(), outFlags(""), without(hyperFlags(d), "init", "sigma"), dataFlags()),
		Action: func(ctx *cli.Context) error {
			return single(ctx, "sigma", sigmaTrials)
		},
	}
}

func sigmaFlags() []cli.Flag {
	return []cli.Flag{
		textFlag("sigmas", "1e-1,1e-3,1e-4", "standard deviations of the initial weights"),
		netFlags()[0],
	}
}

// sigmaTrials returns the trials that the flags of sigma ask for.
func sigmaTrials(ctx *cli.Context, base train.Config, seeds int) ([]experiment.Trial, error) {
	sigmas, err := splitFloats("--sigmas", ctx.String("sigmas"))
	if err != nil {
		return nil, err
	}
	return experiment.Sigma(base, sigmas, seeds), nil
}

// without returns the flags but for those of the given names.
func without(flags []cli.Flag, names ...string) []cli.Flag {
	var rest []cli.Flag
next:
	for _, f := range flags {
		for _, name := range names {
			if f.Names()[0] == name {
				continue next
			}
		}
		rest = append(rest, f)
	}
	return rest
}
