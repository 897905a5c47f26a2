package main

import (
	"context"

	"bnlab/cmd/internal/dataset"
	"bnlab/cmd/internal/results"
	"bnlab/cmd/internal/runfolder"
	"bnlab/cmd/internal/shell"
	"bnlab/cmd/internal/slurm"
)

type submitOptions struct {
	Engine string `flag:"engine" values:"slurm" help:"scheduler of the cluster"`
	DryRun bool   `flag:"dry-run" help:"write and show the scripts, but submit nothing"`
	slurm.Options
	shell.Format
	Data dataset.Options
}

func submitCommand() *shell.Command {
	return shell.New(shell.Command{
		Name:      "submit",
		Usage:     "train a plan on a cluster, then collect and report",
		Arguments: "DIR",
		Description: `Writes two job scripts to DIR/slurm and submits them. train.sh is a job array: each
task trains one shard of the plan on the cores that Slurm gives it; complete shards
get no task. A minute before its time limit a task saves what it has and is requeued.
It is also requeued when another job preempts it or its node fails. When all tasks
have ended, gather.sh runs sweep collect, then report. A study of several plans has a
train.sh in the folder of each: a stage that follows from results has a job that begins
when all tasks of the stage before have ended well. Both can be submitted by hand.
Their log files are beside them. DIR, the data and this program must be visible to
all nodes.

Examples:
  bnlab sweep submit --dry-run runs/wide
  bnlab sweep submit --cpus-per-task 4 --time 2:00:00 --limit 10 runs/wide
  bnlab sweep submit --sbatch --mem=2G runs/wide`,
	}, submitOptions{Engine: "slurm", Options: slurm.Options{CPUs: 1}}, "dataset", submit)
}

func submit(ctx context.Context, call *shell.Call, o submitOptions) error {
	work, err := runfolder.Work(call)
	if err != nil {
		return err
	}
	jobs, err := slurm.JobsOf(work, o.Options, o.Data.Data, runfolder.Damaged(call))
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	scripts, err := jobs.Write(work.Dir)
	if err != nil {
		return err
	}
	var submitted []string
	switch {
	case len(scripts) == 0:
	case !o.DryRun:
		if submitted, err = slurm.Submit(ctx, scripts); err != nil {
			return err
		}
	case !o.JSON:
		return slurm.Show(call.Out, scripts)
	}
	return call.Print(o.JSON, results.NewSubmission(work.Dir, jobs, scripts, submitted))
}
