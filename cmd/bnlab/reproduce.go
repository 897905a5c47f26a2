package main

import (
	"context"
	"path/filepath"
	"slices"

	"bnlab/cmd/internal/shell"
	"bnlab/train/answer"
	"bnlab/train/experiment"
	"bnlab/train/report"
	"bnlab/train/study"
)

type reproduceOptions struct {
	depths
	searchRules
	spreads
	SigmaNS int `flag:"sigma-ns" min:"1" max:"500000000" help:"steps of half a cycle in the σ sweep"`
	studyOptions
}

func defaultReproduce() reproduceOptions {
	o := reproduceOptions{defaultDepths(), defaultRules(), defaultSpreads(), defaultStudy("sigma").NS, defaultStudy("reproduce")}
	o.Out = "runs/reproduce"
	return o
}

func reproduceCommand() *shell.Command {
	return shell.New(shell.Command{
		Name:  "reproduce",
		Usage: "repeat the whole study and write its report",
		Description: `Experiments 1 to 5 of the study: the gradient check, then compare, search and
sigma, each in its own folder below --out, then the report with the study's
figures beside ours. What the folder already holds is not done again.

Examples:
  bnlab reproduce --seeds 3
  bnlab reproduce --seeds 5 --out runs/five --json > five.json
  bnlab reproduce --seeds 2 --ns 45 --sigma-ns 18 --points 5 --out runs/quick    a quick look`,
	}, defaultReproduce(), "hidden bn init sigma", reproduce)
}

func reproduce(ctx context.Context, call *shell.Call, o reproduceOptions) error {
	if o.Out == "" {
		return call.Bad("out", "name the folder for the study")
	}
	s, err := o.study(call)
	if err != nil {
		return err
	}
	if err := call.CanBeFolder("out", o.Out); err != nil {
		return err
	}
	place := filepath.Join(o.Out, "report")
	if err := report.CheckPlace(place, []string{o.Out}, append(o.Files(), call.Config())...); err != nil {
		return err
	}
	lab, err := o.open(call, true)
	if err != nil {
		return err
	}
	summary, err := timedRun(call, func() (experiment.Summary, error) {
		if err := answer.Check(lab, s); err != nil { // of the last experiment, before the first is trained
			return experiment.Summary{}, err
		}
		if err := lab.CheckGradients(ctx, o.Seed, gradcheckSample); err != nil {
			return experiment.Summary{}, err
		}
		return runAll(ctx, lab, s)
	})
	if err != nil {
		return err
	}
	summary.Experiment = "reproduce"
	found, err := writeReport(call, []string{o.Out}, place) // which also prints the warnings
	if err != nil {
		return err
	}
	if err := printSummary(call, o.JSON, summary); err != nil || o.JSON {
		return err
	}
	return printClaims(call, found)
}

// study returns the study with the flags of the command.
func (o reproduceOptions) study(call *shell.Call) (*study.Study, error) {
	compare, err := o.depths.changes(call, "compare")
	if err != nil {
		return nil, err
	}
	sigma, err := o.spreads.changes(call, "sigma")
	if err != nil {
		return nil, err
	}
	changes := slices.Concat(compare, sigma, o.searchRules.changes("search", o.Seed, o.Seeds))
	return ask("reproduce", o.Config, o.Seeds, append(changes, study.Change{Experiment: "sigma", Path: "base.ns", Value: o.SigmaNS}))
}
