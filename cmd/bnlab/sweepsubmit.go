package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"bnlab/cmd/internal/shell"
	"bnlab/cmd/internal/slurm"
	"bnlab/train/message"
)

type submitOptions struct {
	Engine string `flag:"engine" values:"slurm" help:"scheduler of the cluster"`
	DryRun bool   `flag:"dry-run" help:"write and show the scripts, but submit nothing"`
	slurm.Options
	jsonOption
	Data string `flag:"data" arg:"DIR" group:"Data" help:"CIFAR-10 folder or .tar.gz archive, binary or Python version (default: $CIFAR10_DIR, ./data, the user's cache)"`
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
have ended, gather.sh runs sweep collect, then report. Both can be submitted by hand.
Their log files are beside them. DIR, the data and this program must be visible to
all nodes.

Examples:
  bnlab sweep submit --dry-run runs/wide
  bnlab sweep submit --cpus-per-task 4 --time 2:00:00 --limit 10 runs/wide
  bnlab sweep submit --sbatch --mem=2G runs/wide`,
	}, submitOptions{Engine: "slurm", Options: slurm.Options{CPUs: 1}}, "", submit)
}

// submission is what sweep submit prints.
type submission struct {
	Dir     string   `json:"dir"`
	Shards  int      `json:"shards"`
	Tasks   int      `json:"tasks"` // incomplete shards
	Scripts []string `json:"scripts"`
	Jobs    []string `json:"jobs"` // one per script; empty if nothing is submitted

	cpus int // of a task
}

func submit(ctx context.Context, call *shell.Call, o submitOptions) error {
	folder, err := openFolder(call)
	if err != nil {
		return err
	}
	job, err := slurm.New(folder, o.Options, o.Data, damagedTo(call))
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	s := submission{
		Dir: folder.Dir, Shards: job.Shards, Tasks: len(job.Tasks), cpus: job.CPUs,
		Scripts: []string{}, Jobs: []string{},
	}
	if s.Tasks > 0 {
		if s.Scripts, err = job.Write(); err != nil {
			return err
		}
	}
	switch {
	case s.Tasks == 0:
	case !o.DryRun:
		if s.Jobs, err = slurm.Submit(ctx, s.Scripts); err != nil {
			return err
		}
	case !o.JSON:
		return showScripts(call.Out, s.Scripts)
	}
	return call.Print(o.JSON, s)
}

func (s submission) Table(w io.Writer) {
	if s.Tasks == 0 {
		fmt.Fprintf(w, "%s: nothing is missing, nothing to submit; `bnlab report %s` reports\n", message.Text(s.Dir), shell.Quote(s.Dir))
		return
	}
	fmt.Fprintf(w, "%s: trained by job %s (tasks: %d, cores of each: %d), gathered by job %s\n", message.Text(s.Dir), s.Jobs[0], s.Tasks, s.cpus, s.Jobs[1])
}

// showScripts prints the scripts and how to submit them.
func showScripts(w io.Writer, scripts []string) error {
	for _, path := range scripts {
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "# %s\n%s\n", path, text)
	}
	fmt.Fprintf(w, "# To submit them by hand:\n#   job=$(sbatch --parsable %s)\n#   sbatch --dependency=afterany:\"$job\" %s\n",
		shell.SingleQuote(scripts[0]), shell.SingleQuote(scripts[1]))
	return nil
}
