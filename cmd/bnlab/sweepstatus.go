package main

import (
	"context"

	"bnlab/cmd/internal/runfolder"
	"bnlab/cmd/internal/shell"
)

func statusCommand() *shell.Command {
	return shell.New(shell.Command{
		Name:      "status",
		Usage:     "show what is done, in training and missing",
		Arguments: "DIR",
		Description: `Shows which process trains what, how far it is and at what rate. Training has stalled
if its process has ended, or if nothing changes while status watches, which takes
some seconds; sweep run takes over what has stalled.

Examples:
  bnlab sweep status runs/wide
  bnlab sweep status --json runs/wide`,
	}, shell.Format{}, "", func(ctx context.Context, call *shell.Call, o shell.Format) error {
		work, err := runfolder.Work(call)
		if err != nil {
			return err
		}
		return runfolder.PrintStatus(ctx, call, work, true, o.JSON)
	})
}
