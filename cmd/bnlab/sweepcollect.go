package main

import (
	"github.com/urfave/cli/v2"

	"bnlab/train/experiment"
)

func sweepCollect(ctx *cli.Context) error {
	if ctx.Bool("csv") && ctx.Bool("json") {
		return usagef("--csv: goes without --json")
	}
	folder, err := folderOf(ctx)
	if err != nil {
		return err
	}
	outcomes, err := folder.Outcomes(damagedTo(ctx))
	if err != nil {
		return err
	}
	summary := experiment.Summarize(folder.Plan, outcomes)
	warn(ctx, summary.Warnings)
	switch {
	case ctx.Bool("csv"):
		err = printCSV(ctx.App.Writer, folder.Plan, outcomes)
	case ctx.Bool("json"):
		err = printJSON(ctx.App.Writer, summary)
	default:
		printSummary(ctx.App.Writer, folder.Plan.Dataset.Title(), summary)
	}
	if err != nil {
		return err
	}
	return summary.Err()
}
