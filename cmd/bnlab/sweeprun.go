package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"bnlab/cmd/internal/dataset"
	"bnlab/cmd/internal/runfolder"
	"bnlab/cmd/internal/shell"
	"bnlab/cmd/internal/sweep"
	"bnlab/train/answer"
	"bnlab/train/experiment"
	"bnlab/train/message"
)

type runOptions struct {
	Shard  string `flag:"shard" arg:"I/N" help:"train units I, I+N, I+2N, … of the plan"`
	Trial  string `flag:"trial" arg:"ID" help:"train only this trial"`
	Resume bool   `flag:"resume-paused" help:"train on the trials that the study's budget has paused, to their end"`
	sweep.Trials
	dataset.Options

	shard, shards int // of Shard, the first is 1
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

// Check reads --shard.
func (o *runOptions) Check(call *shell.Call) error {
	if o.Trial != "" && call.IsSet("shard") {
		return shell.Usagef("--trial and --shard: give one of the two")
	}
	first, second, _ := strings.Cut(o.Shard, "/")
	shard, err := shell.ParseInt(first)
	shards, err2 := shell.ParseInt(second)
	if err != nil || err2 != nil || shard < 1 || shards < shard {
		return call.Bad("shard", "give I/N with I from 1 to N, such as 2/4")
	}
	o.shard, o.shards = shard, shards
	return nil
}

func sweepRun(ctx context.Context, call *shell.Call, o runOptions) error {
	work, err := runfolder.ToTrain(call)
	if err != nil {
		return err
	}
	if o.Trial != "" && work.Study != nil {
		return call.Bad("trial", "%s holds several plans; name the folder of one of them", work.Dir)
	}
	first, err := work.First()
	if err != nil {
		return err
	}
	if first.Dir == work.Dir { // its only plan
		if _, err := o.units(call)(first.Plan); err != nil { // before the data are read
			return err
		}
	}
	lab, err := o.lab(call, first)
	if err != nil {
		return err
	}
	failed, err := work.Finish(ctx, lab, o.shards, o.units(call))
	if err != nil {
		return sweep.HowToGoOn(call, err)
	}
	if err := runfolder.PrintStatus(ctx, call, work, false, o.JSON); err != nil {
		return err
	}
	return failed
}

// lab returns the lab that trains as the plan in a folder says, on the data that it was made for.
func (o runOptions) lab(call *shell.Call, folder *experiment.Folder) (*experiment.Lab, error) {
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
	lab := sweep.New(call, o.Trials, experiment.MaxFuse, data)
	lab.ResumePaused = o.Resume
	return lab, nil
}

// units selects the units of --shard or --trial.
func (o runOptions) units(call *shell.Call) answer.Select {
	return func(plan *experiment.Plan) (func([]experiment.Trial) bool, error) {
		if o.Trial != "" {
			return o.unitOf(call, plan)
		}
		shard := map[int]bool{}
		for at, unit := range plan.Units() {
			shard[plan.Trials[unit[0]].Unit] = at%o.shards == o.shard-1
		}
		return func(unit []experiment.Trial) bool { return shard[unit[0].Unit] }, nil
	}
}

// unitOf selects the unit of --trial.
func (o runOptions) unitOf(call *shell.Call, plan *experiment.Plan) (func([]experiment.Trial) bool, error) {
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
