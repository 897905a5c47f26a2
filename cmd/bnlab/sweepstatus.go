package main

import (
	"context"

	"bnlab/cmd/internal/results"
	"bnlab/cmd/internal/shell"
	"bnlab/train/experiment"
)

func statusCommand() *shell.Command {
	return shell.New(shell.Command{
		Name:      "status",
		Usage:     "show what is done and what is missing",
		Arguments: "DIR",
		Description: `Examples:
  bnlab sweep status runs/wide
  bnlab sweep status --json runs/wide`,
	}, jsonOption{}, "", func(_ context.Context, call *shell.Call, o jsonOption) error {
		folder, err := openFolder(call)
		if err != nil {
			return err
		}
		return printStatus(call, folder, o.JSON)
	})
}

func printStatus(call *shell.Call, folder *experiment.Folder, asJSON bool) error {
	outcomes, err := folder.Outcomes(damagedTo(call))
	if err != nil {
		return err
	}
	r := results.NewStatus(folder, experiment.Summarize(folder.Plan, outcomes))
	call.Warn(r.Warnings...)
	return call.Print(asJSON, r)
}
