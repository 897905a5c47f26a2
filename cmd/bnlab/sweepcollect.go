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
	outcomes, backend, err := folder.Outcomes(damagedTo(ctx))
	if err != nil {
		return err
	}
	summary := experiment.Summarize(folder.Plan, outcomes)
	if backend != nil {
		summary.Backend = *backend
	}
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
