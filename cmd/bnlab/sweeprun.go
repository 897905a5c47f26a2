package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"bnlab/cmd/internal/dataset"
	"bnlab/cmd/internal/shell"
	"bnlab/cmd/internal/sweep"
	"bnlab/train/experiment"
	"bnlab/train/message"
)

type runOptions struct {
	Shard string `flag:"shard" arg:"I/N" help:"train units I, I+N, I+2N, … of the plan"`
	Trial string `flag:"trial" arg:"ID" help:"train only this trial"`
	sweep.Trials
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
	}, runOptions{Shard: "1/1", Trials: sweep.DefaultTrials(), Options: dataset.Default()}, "seeds fuse out", sweepRun)
}

func sweepRun(ctx context.Context, call *shell.Call, o runOptions) error {
	if s, err := openStudy(call); err != nil {
		return err
	} else if s != nil {
		return o.runStudy(ctx, call, s)
	}
	lab, folder, err := o.stage(call)
	if err == nil && folder == nil {
		lab, folder, err = o.planned(call)
	}
	if err != nil {
		return err
	}
	failed, err := o.train(ctx, call, lab, folder)
	if err != nil {
		return err
	}
	if err := printStatus(ctx, call, folder, false, o.JSON); err != nil {
		return err
	}
	return failed
}

// planned returns the lab and the run folder of a plan.
func (o runOptions) planned(call *shell.Call) (*experiment.Lab, *experiment.Folder, error) {
	folder, err := openFolder(call)
	if err != nil {
		return nil, nil, err
	}
	if _, err := o.units(call, folder.Plan); err != nil { // before the data are read
		return nil, nil, err
	}
	lab, err := o.open(call, folder)
	return lab, folder, err
}

// open returns the lab that trains the plan in a folder, on the data that it was made for.
func (o runOptions) open(call *shell.Call, folder *experiment.Folder) (*experiment.Lab, error) {
	o.SetWorkers(call, true)
	own := o.Prefer(folder.Plan.Dataset.Name)
	data, err := o.Open(folder.Plan.Trials[0].Config, call.Note)
	if err != nil && own {
		return nil, fmt.Errorf("%s was planned on %s: %w", folder.Dir, folder.Plan.Dataset.Title(), err)
	}
	if err != nil {
		return nil, err
	}
	if data.Dataset() != folder.Plan.Dataset {
		return nil, shell.Usagef("%s was planned on %s %.12s, the data here are %s %.12s; give --data or --dataset",
			folder.Dir, folder.Plan.Dataset.Name, folder.Plan.Dataset.Digest, data.Dataset().Name, data.Digest)
	}
	o.Out = folder.Dir
	return sweep.New(call, o.Trials, experiment.MaxFuse, data), nil
}

// train trains the selected units of a plan, and returns an error about trials that have
// failed: other runs may train what is missing, but a failure must not count as missing.
func (o runOptions) train(ctx context.Context, call *shell.Call, lab *experiment.Lab, folder *experiment.Folder) (failed, err error) {
	only, err := o.units(call, folder.Plan)
	if err != nil {
		return nil, err
	}
	outcomes, err := lab.Finish(ctx, folder, only)
	if err != nil {
		return nil, sweep.HowToGoOn(call, err)
	}
	summary := experiment.Summarize(folder.Plan, outcomes)
	summary.Missing = nil
	return summary.Err(), nil
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
	i, n, err := o.shard(call)
	if err != nil {
		return nil, err
	}
	shard := map[int]bool{}
	for at, unit := range plan.Units() {
		shard[plan.Trials[unit[0]].Unit] = at%n == i-1
	}
	return func(unit []experiment.Trial) bool { return shard[unit[0].Unit] }, nil
}

// shard reads --shard.
func (o runOptions) shard(call *shell.Call) (i, n int, err error) {
	first, second, _ := strings.Cut(o.Shard, "/")
	i, errI := shell.ParseInt(first)
	n, errN := shell.ParseInt(second)
	if errI != nil || errN != nil || i < 1 || n < i {
		return 0, 0, call.Bad("shard", "give I/N with I from 1 to N, such as 2/4")
	}
	return i, n, nil
}
