package main

import (
	"context"

	"bnlab/cmd/internal/dashboard"
	"bnlab/cmd/internal/runfolder"
	"bnlab/cmd/internal/shell"
)

type statusOptions struct {
	Watch bool `flag:"watch" help:"go on showing it until nothing is missing; elsewhere than on a terminal a line when something has changed"`
	shell.Format
}

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
  bnlab sweep status --watch runs/wide
  bnlab sweep status --json runs/wide`,
	}, statusOptions{}, "", func(ctx context.Context, call *shell.Call, o statusOptions) error {
		if o.Watch {
			return watchStatus(ctx, call, o.JSON)
		}
		work, err := runfolder.Work(call)
		if err != nil {
			return err
		}
		return runfolder.PrintStatus(ctx, call, work, true, o.JSON)
	})
}

// watchStatus shows how far the work in a folder is until it is done.
func watchStatus(ctx context.Context, call *shell.Call, asJSON bool) error {
	switch {
	case asJSON:
		return call.Bad("watch", "it writes lines; leave --json out, or ask again and again")
	case len(call.Args) != 1:
		return shell.Usagef("%d arguments: give one run folder", len(call.Args))
	}
	if err := runfolder.CheckStdout(call); err != nil {
		return err
	}
	page, err := dashboard.New(call.Args[0])
	if err != nil {
		return err
	}
	return page.Watch(ctx, call.Out)
}
