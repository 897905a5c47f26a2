package main

import (
	"context"
	"errors"

	"bnlab/cmd/internal/results"
	"bnlab/cmd/internal/shell"
	"bnlab/cmd/internal/sweep"
	"bnlab/train/experiment"
	"bnlab/train/message"
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
		if s, err := openStudy(call); s != nil || err != nil {
			if err == nil {
				err = printStudyStatus(ctx, call, call.Args[0], s, true, o.JSON)
			}
			return err
		}
		folder, err := openFolder(call)
		if err != nil {
			return err
		}
		return printStatus(ctx, call, folder, true, o.JSON)
	})
}

// printStatus prints the status of a run folder. It watches what may have stalled, if
// asked to.
func printStatus(ctx context.Context, call *shell.Call, folder *experiment.Folder, watch, asJSON bool) error {
	r, err := statusOf(ctx, call, folder, watch)
	if err != nil {
		return err
	}
	call.Warn(r.Warnings...)
	return call.Print(asJSON, r)
}

// statusOf returns the status of a run folder.
func statusOf(ctx context.Context, call *shell.Call, folder *experiment.Folder, watch bool) (r results.Status, err error) {
	outcomes, err := folder.Outcomes(damagedTo(call))
	if err != nil {
		return r, err
	}
	claims, err := folder.Claims(ctx, outcomes, watch)
	if errors.Is(err, context.Canceled) {
		return r, shell.ErrInterrupted
	}
	if err != nil {
		return r, err
	}
	return results.NewStatus(folder, experiment.Summarize(folder.Plan, outcomes), claims), nil
}

type collectOptions struct {
	shell.Format
	CSV bool `flag:"csv" help:"print one CSV line per trial"`
}

func collectCommand() *shell.Command {
	return shell.New(shell.Command{
		Name:      "collect",
		Usage:     "summarise the results of a plan",
		Arguments: "DIR...",
		Description: `Several folders of one experiment are pooled: their groups are joined where the
configurations agree, and a trial that stands in several of them counts once. Exit code
1 if trials failed or are missing.

Examples:
  bnlab sweep collect runs/wide
  bnlab sweep collect --json runs/wide > wide.json
  bnlab sweep collect --csv runs/wide > wide.csv
  bnlab sweep collect runs/wide runs/more`,
	}, collectOptions{}, "", func(_ context.Context, call *shell.Call, o collectOptions) error {
		if o.CSV && o.JSON {
			return call.Bad("csv", "cannot be combined with --json")
		}
		if s, err := openStudy(call); s != nil || err != nil {
			if err == nil {
				err = collectStudy(call, call.Args[0], s, o)
			}
			return err
		}
		pool, err := openPool(call)
		if err != nil {
			return err
		}
		outcomes, err := pool.Outcomes(damagedTo(call))
		if err != nil {
			return err
		}
		summary := experiment.Summarize(pool.Plan, outcomes)
		summary.Warnings = append(summary.Warnings, pool.Unequal()...)
		call.Warn(summary.Warnings...)
		if !o.CSV {
			return sweep.Print(call, o.JSON, summary)
		}
		table := experiment.NewCSV(call.Out)
		table.Write(pool.Plan, outcomes)
		if err := table.Flush(); err != nil {
			return err
		}
		return summary.Err()
	})
}

// openFolder opens the run folder named on the command line.
func openFolder(call *shell.Call) (*experiment.Folder, error) {
	if len(call.Args) != 1 {
		return nil, shell.Usagef("%d arguments: give one run folder", len(call.Args))
	}
	return experiment.Open(call.Args[0])
}

// openPool opens the run folders named on the command line, one or more.
func openPool(call *shell.Call) (*experiment.Pooled, error) {
	if len(call.Args) == 0 {
		return nil, shell.Usagef("0 arguments: give one or more run folders")
	}
	var folders []*experiment.Folder
	for _, dir := range call.Args {
		f, err := experiment.Open(dir)
		if err != nil {
			return nil, err
		}
		folders = append(folders, f)
	}
	return experiment.PoolFolders(folders...)
}

// damagedTo returns the function that reports records that count as missing, the first
// if there are many.
func damagedTo(call *shell.Call) func(error) {
	told := 0
	return func(err error) {
		switch told++; {
		case told == message.MostListed+1:
			call.Warn("more records are damaged and count as missing")
		case told <= message.MostListed:
			call.Warn(shell.ErrorLine(err) + "; it counts as missing, `bnlab sweep run` trains it again")
		}
	}
}
