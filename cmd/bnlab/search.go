package main

import (
	"context"

	"bnlab/cmd/internal/shell"
	"bnlab/train"
	"bnlab/train/experiment"
)

// searchRules are the settings of a search.
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
	studyOptions
}

func searchCommand() *shell.Command {
	return shell.New(shell.Command{
		Name:  "search",
		Usage: "search for the best λ: coarse grid, fine search, final networks",
		Description: `Experiment 4 of the study: 3-layer networks with batch normalisation. The coarse
stage tries λ = 10^-5, 10^-4.5, … 10^-1.5. The fine stage draws values, uniform in
log λ, between the coarse λ with the best and the one with the worst validation
accuracy (--range neighbours: between the neighbours of the best one). The final
stage trains --seeds networks with the λ of the best validation accuracy. Only these
use the test set.

Examples:
  bnlab search --seeds 3 --out runs/search
  bnlab search --stage coarse
  bnlab search --range neighbours --points 50 --search-seeds 2`,
	}, searchOptions{"all", defaultRules(), defaultStudy(train.Default().NS)}, "hidden bn lambda", search)
}

func search(ctx context.Context, call *shell.Call, o searchOptions) error {
	last := o.Stage
	if last == "all" {
		last = "final"
	} else if last != "coarse" {
		if o.Out == "" {
			return call.Bad("stage", "name the folder of the earlier stages with --out")
		}
		if err := experiment.StagesDone(o.Out, last); err != nil {
			return err
		}
	}
	lab, err := o.open(call, true)
	if err != nil {
		return err
	}
	return o.finish(call, func() (experiment.Summary, error) { return lab.Search(ctx, o.Config, o.rules(o.Seeds), last, "") })
}
