package main

import (
	"fmt"
	"slices"

	"bnlab/cmd/internal/shell"
	"bnlab/train"
	"bnlab/train/document"
	"bnlab/train/message"
	"bnlab/train/study"
)

// depths are the networks of compare.
type depths struct {
	Depth []int `flag:"depth" help:"network depths in layers: 2, 3 or 9"`
}

func defaultDepths() (d depths) {
	for _, k := range builtIn("compare").At("compare", "vary.hidden").Keys {
		d.Depth = append(d.Depth, len(k.Value.Items)+1)
	}
	return d
}

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
	}, defaultDepths(), "hidden bn")
}

func (d depths) changes(call *shell.Call, experiment string) ([]study.Change, error) {
	if len(d.Depth) == 0 {
		return nil, message.Fieldf("{depth}: give one or more of 2, 3, 9")
	}
	if err := noneTwice(call, "depth", d.Depth); err != nil {
		return nil, err
	}
	networks := document.Value{Kind: document.Table}
	for _, depth := range d.Depth {
		hidden, err := train.HiddenOf(depth)
		if err != nil {
			return nil, err
		}
		networks = networks.With(fmt.Sprintf("%d-layer", depth), document.Of(hidden))
	}
	return []study.Change{{Experiment: experiment, Path: "vary.hidden", Value: networks}}, nil
}

// noneTwice returns an error about the option if two of its values are the same.
func noneTwice[T comparable](call *shell.Call, option string, values []T) error {
	for i, v := range values {
		if slices.Contains(values[:i], v) {
			return call.Bad(option, "%v is there twice; give each value once", v)
		}
	}
	return nil
}

// spreads are the initial weights of sigma.
type spreads struct {
	Sigmas []float64 `flag:"sigmas" help:"standard deviations of the initial weights"`
}

func defaultSpreads() (s spreads) {
	builtInValue("sigma", "vary.sigma", &s.Sigmas)
	return s
}

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
	}, defaultSpreads(), "bn init sigma")
}

func (s spreads) changes(call *shell.Call, experiment string) ([]study.Change, error) {
	if len(s.Sigmas) == 0 {
		return nil, call.Bad("sigmas", "give at least one number")
	}
	for _, sigma := range s.Sigmas {
		if !(sigma > 0) {
			return nil, call.Bad("sigmas", "give standard deviations above 0")
		}
	}
	if err := noneTwice(call, "sigmas", s.Sigmas); err != nil {
		return nil, err
	}
	return []study.Change{{Experiment: experiment, Path: "vary.sigma", Value: s.Sigmas}}, nil
}
