package question

import (
	"fmt"
	"slices"

	"bnlab/cmd/internal/shell"
	"bnlab/train"
	"bnlab/train/document"
	"bnlab/train/message"
	"bnlab/train/study"
)

// Depths are the networks of compare.
type Depths struct {
	Depth []int `flag:"depth" help:"network depths in layers: 2, 3 or 9"`
}

// DefaultDepths returns those of the study.
func DefaultDepths() (d Depths) {
	for _, k := range builtIn("compare").At("compare", "vary.hidden").Keys {
		d.Depth = append(d.Depth, len(k.Value.Items)+1)
	}
	return d
}

// Changes returns the networks as values of the axis hidden.
func (d Depths) Changes(call *shell.Call, experiment string) ([]study.Change, error) {
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

// Spreads are the initial weights of sigma.
type Spreads struct {
	Sigmas []float64 `flag:"sigmas" help:"standard deviations of the initial weights"`
}

// DefaultSpreads returns those of the study.
func DefaultSpreads() (s Spreads) {
	builtInValue("sigma", "vary.sigma", &s.Sigmas)
	return s
}

// Changes returns the values of the axis sigma.
func (s Spreads) Changes(call *shell.Call, experiment string) ([]study.Change, error) {
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

// Lambdas are the weights of the penalty of a grid.
type Lambdas struct {
	Lambdas []float64 `flag:"lambdas" help:"values of λ; empty for the study's coarse grid"`
}

// Changes returns the values of the axis lambda, if there are any.
func (l Lambdas) Changes(call *shell.Call, experiment string) ([]study.Change, error) {
	if len(l.Lambdas) == 0 {
		return nil, nil
	}
	if err := noneTwice(call, "lambdas", l.Lambdas); err != nil {
		return nil, err
	}
	return []study.Change{{Experiment: experiment, Path: "vary.lambda", Value: l.Lambdas}}, nil
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
