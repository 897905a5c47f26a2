package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"bnlab/train/experiment"
)

func sweepCommand() *cli.Command {
	return &cli.Command{
		Name:  "sweep",
		Usage: "plan many trainings, run parts of them on several hosts, gather",
		Description: `The plan comes first: what is trained, in which units. Then it is trained, here (run) or
by a cluster (submit), in one process or in many, at once or one after the other.
status tells how far it is, collect gathers the results, and report draws them.

Examples:
  bnlab sweep plan compare --depth 3 --seeds 4 --out runs/four
  bnlab sweep run runs/four
  bnlab sweep status runs/four
  bnlab sweep collect runs/four && bnlab report runs/four`,
		Subcommands: []*cli.Command{
			planCommand(),
			submitCommand(),
			{
				Name:      "run",
				Usage:     "train what is missing of a plan, or a part of it",
				UsageText: "bnlab sweep run [flags] DIR",
				Description: `Trials that have a result are left alone. Several processes may run at once on
one folder, each with a shard of its own. Trials of one unit train side by side:
--trial trains the unit that the trial belongs to.

Examples:
  bnlab sweep run runs/wide
  bnlab sweep run --shard 2/4 runs/wide
  bnlab sweep run --trial 3-layer-bn-seed1 runs/wide`,
				Flags: flags([]cli.Flag{
					textFlag("shard", "1/1", "train the units I, I+N, I+2N, … of the plan, as `I/N`"),
					textFlag("trial", "", "train this trial only"),
				}, without(sweepFlags(), "seeds", "fuse"), dataFlags()),
				Action: sweepRun,
			},
			{
				Name:      "status",
				Usage:     "tell what is done and what is missing",
				UsageText: "bnlab sweep status [flags] DIR",
				Description: `Examples:
  bnlab sweep status runs/wide
  bnlab sweep status --json runs/wide`,
				Flags:  []cli.Flag{jsonFlag()},
				Action: sweepStatus,
			},
			{
				Name:      "collect",
				Usage:     "summarise the results of a plan",
				UsageText: "bnlab sweep collect [flags] DIR",
				Description: `Exit code 1 when trials failed or are missing.

Examples:
  bnlab sweep collect runs/wide
  bnlab sweep collect --json runs/wide > wide.json
  bnlab sweep collect --csv runs/wide > wide.csv`,
				Flags:  []cli.Flag{jsonFlag(), boolFlag("csv", "print a line for each trial, in the CSV format")},
				Action: sweepCollect,
			},
		},
	}
}

// folderOf opens the run folder that the command line names.
func folderOf(ctx *cli.Context) (*experiment.Folder, error) {
	if ctx.NArg() != 1 {
		return nil, usagef("%d arguments: give one run folder", ctx.NArg())
	}
	return experiment.Open(ctx.Args().First())
}

func sweepRun(ctx *cli.Context) error {
	folder, err := folderOf(ctx)
	if err != nil {
		return err
	}
	only, err := unitFilter(ctx, folder.Plan)
	if err != nil {
		return err
	}
	workers, err := workersOf(ctx)
	if err != nil {
		return err
	}
	own := preferDataset(ctx, folder.Plan.Dataset.Name)
	data, err := openData(ctx, folder.Plan.Trials[0].Config)
	if err != nil && own {
		return fmt.Errorf("%s was planned on %s: %w", folder.Dir, folder.Plan.Dataset.Title(), err)
	}
	if err != nil {
		return err
	}
	if data.dataset() != folder.Plan.Dataset {
		return usagef("%s was planned on %s %.12s, the data here are %s %.12s; give --data or --dataset",
			folder.Dir, folder.Plan.Dataset.Name, folder.Plan.Dataset.Digest, data.dataset().Name, data.Digest)
	}
	s := &session{ctx: ctx, sweep: sweep{workers: workers}, data: data, out: folder.Dir, start: time.Now()}
	runner := s.runner()
	runner.Folder, runner.Only = folder, only
	outcomes, err := s.train(runner, folder.Plan)
	if err != nil {
		return err
	}
	if err := printStatus(ctx, folder); err != nil {
		return err
	}
	// What is missing is for other runs to train, but no failure shall pass for one.
	summary := experiment.Summarize(folder.Plan, outcomes)
	summary.Missing = nil
	return summary.Err()
}

// unitFilter reads --shard and --trial.
func unitFilter(ctx *cli.Context, plan *experiment.Plan) (func([]experiment.Trial) bool, error) {
	if id := ctx.String("trial"); id != "" {
		if ctx.IsSet("shard") {
			return nil, usagef("--trial and --shard: give one of the two")
		}
		var ids []string
		for _, t := range plan.Trials {
			ids = append(ids, t.ID)
		}
		if !slices.Contains(ids, id) {
			return nil, usagef("--trial %q: not in the plan%s; `bnlab sweep collect --csv DIR` lists its trials", id, didYouMean("", id, ids))
		}
		return func(unit []experiment.Trial) bool {
			return slices.ContainsFunc(unit, func(t experiment.Trial) bool { return t.ID == id })
		}, nil
	}
	i, n, err := shardOf(ctx.String("shard"))
	if err != nil {
		return nil, err
	}
	shard := map[int]bool{}
	for at, unit := range plan.Units() {
		shard[plan.Trials[unit[0]].Unit] = at%n == i-1
	}
	return func(unit []experiment.Trial) bool { return shard[unit[0].Unit] }, nil
}

// shardOf reads I/N, with I from 1 to N.
func shardOf(text string) (i, n int, err error) {
	first, second, _ := strings.Cut(text, "/")
	i, errI := parseInt(first)
	n, errN := parseInt(second)
	if errI != nil || errN != nil || i < 1 || n < i {
		return 0, 0, usagef("--shard %q: give I/N with I from 1 to N, as 2/4", text)
	}
	return i, n, nil
}
