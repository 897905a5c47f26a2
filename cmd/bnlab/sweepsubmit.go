package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"bnlab/cmd/internal/shell"
	"bnlab/cmd/internal/slurm"
	"bnlab/train/answer"
	"bnlab/train/experiment"
	"bnlab/train/message"
)

type submitOptions struct {
	Engine string `flag:"engine" values:"slurm" help:"scheduler of the cluster"`
	DryRun bool   `flag:"dry-run" help:"write and show the scripts, but submit nothing"`
	slurm.Options
	shell.Format
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
have ended, gather.sh runs sweep collect, then report. A study of several plans has a
train.sh in the folder of each: a stage that follows from results has a job that begins
when all tasks of the stage before have ended well. Both can be submitted by hand.
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
	Shards  int      `json:"shards"` // of all plans
	Tasks   int      `json:"tasks"`  // incomplete shards
	Scripts []string `json:"scripts"`
	Jobs    []string `json:"jobs"` // one per script; empty if nothing is submitted

	cpus int // of a task
}

func submit(ctx context.Context, call *shell.Call, o submitOptions) error {
	jobs, err := o.jobs(call)
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	s := submission{Dir: call.Args[0], Scripts: []string{}, Jobs: []string{}, cpus: o.CPUs}
	scripts, err := jobs.write(&s)
	if err != nil {
		return err
	}
	switch {
	case s.Tasks == 0:
	case !o.DryRun:
		if s.Jobs, err = slurm.Submit(ctx, scripts); err != nil {
			return err
		}
	case !o.JSON:
		return showScripts(call.Out, scripts)
	}
	return call.Print(o.JSON, s)
}

// stagedJob is the job of a plan, and whether it follows from the results of the one
// before.
type stagedJob struct {
	slurm.Job
	follows bool
}

type stagedJobs []stagedJob

// jobs returns the jobs of the plan, or plans, in the folder named on the command line,
// each of which may have nothing to train.
func (o submitOptions) jobs(call *shell.Call) (stagedJobs, error) {
	s, err := openStudy(call)
	if err != nil {
		return nil, err
	}
	if s == nil {
		folder, err := openFolder(call)
		if err != nil {
			return nil, err
		}
		job, err := slurm.New(folder, o.Options, o.Data, damagedTo(call))
		return stagedJobs{{job, false}}, err
	}
	var all stagedJobs
	for _, p := range answer.Parts(s, call.Args[0]) {
		first, err := experiment.Open(p.First().Dir)
		if err != nil {
			return nil, err
		}
		job, err := slurm.NewStage(p.Dir, p.Size(), first.Plan, o.Options, o.Data)
		if err == nil && answer.HasPlan(p.Dir) {
			job, err = o.planned(call, p)
		}
		if err != nil {
			return nil, err
		}
		all = append(all, stagedJob{job, p.Dir != p.First().Dir})
	}
	return all, nil
}

// planned returns the job of a part that has its plan, with no more shards than that has
// units.
func (o submitOptions) planned(call *shell.Call, p answer.Part) (slurm.Job, error) {
	folder, err := experiment.Open(p.Dir)
	if err != nil {
		return slurm.Job{}, err
	}
	o.Shards = min(o.Shards, len(folder.Plan.Units()))
	return slurm.New(folder, o.Options, o.Data, damagedTo(call))
}

// write writes the scripts of the jobs that have something to train, and of the one that
// gathers their results.
func (jobs stagedJobs) write(s *submission) (scripts []slurm.Script, err error) {
	add := func(path string, err error) error {
		scripts, s.Scripts = append(scripts, slurm.Script{Path: path}), append(s.Scripts, path)
		return err
	}
	before := false // the stage before has a job
	for _, j := range jobs {
		s.Shards += j.Shards
		s.Tasks += len(j.Tasks)
		wait := before && j.follows
		if before = len(j.Tasks) > 0; !before {
			continue
		}
		if err := add(j.WriteTraining()); err != nil {
			return nil, err
		}
		if last := len(scripts) - 1; wait {
			scripts[last].After, scripts[last].Done = []int{last - 1}, true
		}
	}
	if s.Tasks == 0 {
		return nil, nil
	}
	gather := jobs[0].Job
	if gather.Run, err = filepath.Abs(s.Dir); err != nil {
		return nil, err
	}
	if err := add(gather.WriteGathering()); err != nil {
		return nil, err
	}
	last := len(scripts) - 1
	for i := range last {
		scripts[last].After = append(scripts[last].After, i)
	}
	return scripts, nil
}

func (s submission) Table(w io.Writer) {
	if s.Tasks == 0 {
		fmt.Fprintf(w, "%s: nothing is missing, nothing to submit; `bnlab report %s` reports\n", message.Text(s.Dir), shell.Quote(s.Dir))
		return
	}
	last := len(s.Jobs) - 1
	trained, by := "job ", strings.Join(s.Jobs[:last], ", ")
	if last > 1 {
		trained = "jobs "
	}
	fmt.Fprintf(w, "%s: trained by %s%s (tasks: %d, cores of each: %d), gathered by job %s\n", message.Text(s.Dir), trained, by, s.Tasks, s.cpus, s.Jobs[last])
}

// showScripts prints the scripts and how to submit them.
func showScripts(w io.Writer, scripts []slurm.Script) error {
	for _, s := range scripts {
		text, err := os.ReadFile(s.Path)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "# %s\n%s\n", s.Path, text)
	}
	fmt.Fprintln(w, "# To submit them by hand:")
	names := []string{"\"$job\""}
	if len(scripts) > 2 {
		names = nil
		for i := range scripts {
			names = append(names, fmt.Sprintf("\"$job%d\"", i+1))
		}
	}
	for i, s := range scripts {
		words := append(append([]string{"sbatch"}, s.Dependency(names)...), shell.SingleQuote(s.Path))
		if i < len(scripts)-1 {
			words = append([]string{"sbatch", "--parsable"}, words[1:]...)
			fmt.Fprintf(w, "#   %s=$(%s)\n", strings.Trim(names[i], "\"$"), strings.Join(words, " "))
			continue
		}
		fmt.Fprintf(w, "#   %s\n", strings.Join(words, " "))
	}
	return nil
}
