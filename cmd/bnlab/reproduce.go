package main

import (
	"context"
	"path/filepath"

	"bnlab/cmd/internal/shell"
	"bnlab/train"
	"bnlab/train/experiment"
	"bnlab/train/report"
)

type reproduceOptions struct {
	depths
	searchRules
	spreads
	SigmaNS int `flag:"sigma-ns" min:"1" max:"500000000" help:"steps of half a cycle in the σ sweep"`
	studyOptions
}

func defaultReproduce() reproduceOptions {
	o := reproduceOptions{defaultDepths(), defaultRules(), defaultSpreads(), sigmaNS, defaultStudy(train.Default().NS)}
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
	c := o.Config
	if o.Out == "" {
		return call.Bad("out", "name the folder for the study")
	}
	all := experiment.Reproduction{Base: c, Rules: o.rules(o.Seeds), Sample: gradcheckSample}
	var err error
	if all.Compare, err = o.depths.trials(call, c, o.Seeds); err != nil {
		return err
	}
	base := c
	base.NS = o.SigmaNS
	base.Evals = min(base.Evals, 2*base.NS)
	if all.Sigma, err = o.spreads.trials(call, base, o.Seeds); err != nil {
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
	summary, err := timedRun(call, func() (experiment.Summary, error) { return lab.Reproduce(ctx, all) })
	if err != nil {
		return err
	}
	study, err := writeReport(call, []string{o.Out}, place) // which also prints the warnings
	if err != nil {
		return err
	}
	if err := printSummary(call, o.JSON, summary); err != nil || o.JSON {
		return err
	}
	return printClaims(call, study)
}
