package main

import (
	"context"

	"bnlab/cmd/internal/results"
	"bnlab/cmd/internal/runfolder"
	"bnlab/cmd/internal/shell"
	"bnlab/cmd/internal/sweep"
	"bnlab/train/answer"
	"bnlab/train/experiment"
	"bnlab/train/study"
)

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
		if s, err := runfolder.Study(call); s != nil || err != nil {
			if err == nil {
				err = collectStudy(call, call.Args[0], s, o)
			}
			return err
		}
		pool, err := runfolder.Pool(call)
		if err != nil {
			return err
		}
		outcomes, err := pool.Outcomes(runfolder.Damaged(call))
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

// collectStudy prints what the records of a study's plans say.
func collectStudy(call *shell.Call, dir string, s *study.Study, o collectOptions) error {
	found, err := answer.Collect(s, dir, runfolder.Damaged(call))
	if err != nil {
		return err
	}
	if o.CSV {
		return answer.WriteRecords(call.Out, found)
	}
	return sweep.PrintStudy(call, o.JSON, results.NewStudy(s.Title, found), found)
}
