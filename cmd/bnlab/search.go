package main

import (
	"context"
	"errors"
	"fmt"

	"bnlab/cmd/internal/dataset"
	"bnlab/cmd/internal/screen"
	"bnlab/cmd/internal/shell"
	"bnlab/train/experiment"
)

// searchRules say how a search goes.
type searchRules struct {
	Points      int    `flag:"points" min:"1" max:"100000" help:"values of λ in the fine stage"`
	Range       string `flag:"range" values:"report,neighbours" help:"range of the fine stage: report or neighbours"`
	SearchSeeds int    `flag:"search-seeds" min:"1" max:"100000" help:"trials of each λ in the coarse and the fine stage"`
}

func defaultRules() searchRules { return searchRules{30, "report", 1} }

func (r searchRules) rules(seeds int) experiment.Rules {
	return experiment.Rules{Range: r.Range, Points: r.Points, Seeds: r.SearchSeeds, FinalSeeds: seeds}
}

type searchOptions struct {
	Stage string `flag:"stage" values:"coarse,fine,final,all" help:"coarse, fine, final or all; a stage needs the ones before it in --out"`
	searchRules
	sweepOptions
	runFolder
	hyper
	dataset.Options
}

func searchCommand() *shell.Command {
	return shell.New(shell.Command{
		Name:  "search",
		Usage: "search for the best λ: a coarse grid, a fine draw, the final networks",
		Description: `Experiment 4 of the study: 3-layer networks with batch normalisation. The coarse
stage tries λ = 10^-5, 10^-4.5, … 10^-1.5, the fine one draws values between the
coarse λ with the best and the one with the worst validation accuracy, uniform in
log λ (--range neighbours: between the neighbours of the best one), and the final
one trains --seeds networks with the λ of the best validation accuracy. The test
set is read for those alone.

Examples:
  bnlab search --seeds 3 --out runs/search
  bnlab search --stage coarse
  bnlab search --range neighbours --points 50 --search-seeds 2`,
	}, searchOptions{"all", defaultRules(), defaultSweep(), runFolder{}, defaultHyper(), dataset.Default()}, "hidden bn lambda", search)
}

func search(ctx context.Context, call *shell.Call, o searchOptions) error {
	c := o.Config
	last := o.Stage
	if last == "all" {
		last = "final"
	} else if last != "coarse" {
		if o.Out == "" {
			return call.Bad("stage", "name the folder of the stages before it by --out")
		}
		if err := experiment.StagesDone(o.Out, last); err != nil {
			return err
		}
	}
	o.setWorkers(call, true)
	lab, err := sweepRequest{o.sweepOptions, c, o.Options, o.Out}.open(call)
	if err != nil {
		return err
	}
	watch := startWatch()
	summary, err := lab.Search(ctx, c, o.rules(o.Seeds), last, "")
	if errors.Is(err, experiment.ErrNoLambda) {
		return noLambda(err, summary)
	}
	if err != nil {
		return howToGoOn(call, err)
	}
	summary.WallSeconds = watch()
	call.Warn(summary.Warnings...)
	return printSummary(call, o.JSON, summary)
}

// noLambda adds to an error what to try.
func noLambda(err error, s experiment.Summary) error {
	if advice := screen.Advice(s.Experiment, s.Causes...); advice != "" {
		return fmt.Errorf("%w; %s", err, advice)
	}
	return err
}
