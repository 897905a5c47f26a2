package main

import (
	"context"

	"bnlab/cmd/internal/shell"
	"bnlab/train/experiment"
)

type collectOptions struct {
	jsonOption
	CSV bool `flag:"csv" help:"print one CSV line per trial"`
}

func collectCommand() *shell.Command {
	return shell.New(shell.Command{
		Name:      "collect",
		Usage:     "summarise the results of a plan",
		Arguments: "DIR",
		Description: `Exit code 1 if trials failed or are missing.

Examples:
  bnlab sweep collect runs/wide
  bnlab sweep collect --json runs/wide > wide.json
  bnlab sweep collect --csv runs/wide > wide.csv`,
	}, collectOptions{}, "", func(_ context.Context, call *shell.Call, o collectOptions) error {
		if o.CSV && o.JSON {
			return call.Bad("csv", "cannot be combined with --json")
		}
		folder, err := openFolder(call)
		if err != nil {
			return err
		}
		outcomes, err := folder.Outcomes(damagedTo(call))
		if err != nil {
			return err
		}
		summary := experiment.Summarize(folder.Plan, outcomes)
		call.Warn(summary.Warnings...)
		if !o.CSV {
			return printSummary(call, o.JSON, summary)
		}
		if err := experiment.WriteCSV(call.Out, folder.Plan, outcomes); err != nil {
			return err
		}
		return summary.Err()
	})
}
