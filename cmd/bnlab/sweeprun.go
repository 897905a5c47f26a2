package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"bnlab/cmd/internal/dataset"
	"bnlab/cmd/internal/shell"
	"bnlab/train/experiment"
	"bnlab/train/message"
)

type runOptions struct {
	Shard string `flag:"shard" arg:"I/N" help:"train units I, I+N, I+2N, … of the plan"`
	Trial string `flag:"trial" arg:"ID" help:"train only this trial"`
	sweepOptions
	dataset.Options
}

func runCommand() *shell.Command {
	return shell.New(shell.Command{
		Name:      "run",
		Usage:     "train the missing trials of a plan, or part of them",
		Arguments: "DIR",
		Description: `Trials that have a result are skipped. Any number of processes may run at once on one
folder, on any hosts that share it: each takes the next unit that no other trains, and
in the end waits for the others, whose units it takes over if they die. --shard and
--trial limit a process to some units. Trials of one unit train side by side: --trial
trains the whole unit of that trial.

Examples:
  bnlab sweep run runs/wide
  bnlab sweep run --shard 2/4 runs/wide
  bnlab sweep run --trial 3-layer-bn-seed1 runs/wide`,
	}, runOptions{Shard: "1/1", sweepOptions: defaultSweep(), Options: dataset.Default()}, "seeds fuse out", sweepRun)
}

func sweepRun(ctx context.Context, call *shell.Call, o runOptions) error {
	folder, err := openFolder(call)
	if err != nil {
		return err
	}
	only, err := o.units(call, folder.Plan)
	if err != nil {
		return err
	}
	o.setWorkers(call, true)
	own := o.Prefer(folder.Plan.Dataset.Name)
	data, err := o.Open(folder.Plan.Trials[0].Config, call.Note)
	if err != nil && own {
		return fmt.Errorf("%s was planned on %s: %w", folder.Dir, folder.Plan.Dataset.Title(), err)
	}
	if err != nil {
		return err
	}
	if data.Dataset() != folder.Plan.Dataset {
		return shell.Usagef("%s was planned on %s %.12s, the data here are %s %.12s; give --data or --dataset",
			folder.Dir, folder.Plan.Dataset.Name, folder.Plan.Dataset.Digest, data.Dataset().Name, data.Digest)
	}
	o.Out = folder.Dir
	outcomes, err := newLab(call, o.sweepOptions, 0, data).Finish(ctx, folder, only)
	if err != nil {
		return howToGoOn(call, err)
	}
	if err := printStatus(ctx, call, folder, false, o.JSON); err != nil {
		return err
	}
	// Other runs may train what is missing, but a failure must not count as missing.
	summary := experiment.Summarize(folder.Plan, outcomes)
	summary.Missing = nil
	return summary.Err()
}

// units returns the units selected by --shard or --trial.
func (o runOptions) units(call *shell.Call, plan *experiment.Plan) (func([]experiment.Trial) bool, error) {
	if o.Trial != "" {
		if call.IsSet("shard") {
			return nil, shell.Usagef("--trial and --shard: give one of the two")
		}
		var ids []string
		for _, t := range plan.Trials {
			ids = append(ids, t.ID)
		}
		if !slices.Contains(ids, o.Trial) {
			return nil, call.Bad("trial", "not in the plan%s; `bnlab sweep collect --csv DIR` lists its trials", message.DidYouMean("", o.Trial, ids))
		}
		return func(unit []experiment.Trial) bool {
			return slices.ContainsFunc(unit, func(t experiment.Trial) bool { return t.ID == o.Trial })
		}, nil
	}
	first, second, _ := strings.Cut(o.Shard, "/")
	i, errI := shell.ParseInt(first)
	n, errN := shell.ParseInt(second)
	if errI != nil || errN != nil || i < 1 || n < i {
		return nil, call.Bad("shard", "give I/N with I from 1 to N, such as 2/4")
	}
	shard := map[int]bool{}
	for at, unit := range plan.Units() {
		shard[plan.Trials[unit[0]].Unit] = at%n == i-1
	}
	return func(unit []experiment.Trial) bool { return shard[unit[0].Unit] }, nil
}
