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
	Range       string `flag:"range" values:"report,neighbours" help:"range of the fine stage"`
	SearchSeeds int    `flag:"search-seeds" min:"1" max:"100000" help:"trials per λ in the coarse and fine stages"`
}

func defaultRules() searchRules { return searchRules{30, "report", 1} }

func (r searchRules) rules(seeds int) experiment.Rules {
	return experiment.Rules{Range: r.Range, Points: r.Points, Seeds: r.SearchSeeds, FinalSeeds: seeds}
}

type searchOptions struct {
	Stage string `flag:"stage" values:"coarse,fine,final,all" help:"stage to run; it needs the earlier stages in --out"`
	searchRules
	sweepOptions
	runFolder
	hyper
	dataset.Options
}

func searchCommand() *shell.Command {
	return shell.New(shell.Command{
		Name:  "search",
		Usage: "search for the best λ: coarse grid, random fine search, final networks",
		Description: `Experiment 4 of the study: 3-layer networks with batch normalisation. The coarse
stage tries λ = 10^-5, 10^-4.5, … 10^-1.5. The fine stage draws values, uniform in
log λ, between the coarse λ with the best and the one with the worst validation
accuracy (--range neighbours: between the neighbours of the best one). The final
stage trains --seeds networks with the λ of the best validation accuracy. Only these
see the test set.

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
