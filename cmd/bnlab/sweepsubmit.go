package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/urfave/cli/v2"

	"bnlab/cifar"
	"bnlab/train/experiment"
	"bnlab/train/message"
)

func submitCommand() *cli.Command {
	return &cli.Command{
		Name:      "submit",
		Usage:     "have a cluster train a plan, gather and report",
		UsageText: "bnlab sweep submit [flags] DIR",
		Description: `Writes two job scripts into DIR/slurm and submits them. train.sh is an array: each
task trains a shard of the plan, on the cores that Slurm gives it; shards of which
nothing is missing get no task. A minute before its time limit a task saves what it
has and is requeued. It is requeued too when another job takes its place, or when
its node fails. gather.sh runs when all tasks have ended: sweep collect, then
report. Both can be submitted by hand. The log files lie beside them. DIR, the data
and this program must be where all nodes see them.

Examples:
  bnlab sweep submit --dry-run runs/wide
  bnlab sweep submit --cpus-per-task 4 --time 2:00:00 --limit 10 runs/wide
  bnlab sweep submit --sbatch --mem=2G runs/wide`,
		Flags: flags([]cli.Flag{
			textFlag("engine", "slurm", "what the cluster runs: slurm"),
			boolFlag("dry-run", "write the scripts and show them, submit nothing"),
			intFlag("shards", 0, "tasks; 0 for as many as give each core of each task a unit, 1000 at most"),
			intFlag("cpus-per-task", 1, "cores of a task, each of which trains a unit at a time"),
			intFlag("limit", 0, "tasks that run at once at most; 0 for all"),
			textFlag("time", "", "time limit of a task, as 30 (minutes), 2:00:00 or 1-12:00:00, three minutes at least; empty for the partition's own"),
			textFlag("partition", "", "partition; empty for the cluster's own choice"),
			textFlag("sbatch", "", "further `OPTIONS` for sbatch, as they stand in a script"),
			jsonFlag(),
		}, dataFlags()[:1]),
		Action: sweepSubmit,
	}
}

// maxShards is the most tasks that Slurm takes in one array, unless its
// administrator says otherwise.
const maxShards = 1000

// submission is what sweep submit --json prints.
type submission struct {
	Dir     string   `json:"dir"`
	Shards  int      `json:"shards"`
	Tasks   int      `json:"tasks"` // shards of which something is missing
	Scripts []string `json:"scripts"`
	Jobs    []string `json:"jobs"` // one a script; empty where nothing is submitted
}

func sweepSubmit(ctx *cli.Context) error {
	folder, err := folderOf(ctx)
	if err != nil {
		return err
	}
	if engine := ctx.String("engine"); engine != "slurm" {
		return usagef("--engine %q: give slurm", engine)
	}
	job, err := slurmJobOf(ctx, folder)
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	s := submission{Dir: folder.Dir, Shards: job.Shards, Tasks: len(job.Tasks), Scripts: []string{}, Jobs: []string{}}
	w := ctx.App.Writer
	if s.Tasks == 0 {
		return nothingMissing(ctx, s)
	}
	scripts, err := job.write()
	if err != nil {
		return err
	}
	s.Scripts = scripts
	if !ctx.Bool("dry-run") {
		if s.Jobs, err = sbatchAll(ctx.Context, scripts); err != nil {
			return err
		}
	}
	switch {
	case ctx.Bool("json"):
		return printJSON(w, s)
	case ctx.Bool("dry-run"):
		return showScripts(w, scripts)
	}
	fmt.Fprintf(w, "%s: trained by job %s (tasks: %d, cores of each: %d), gathered by job %s\n", visible(s.Dir), s.Jobs[0], s.Tasks, job.CPUs, s.Jobs[1])
	return nil
}

// nothingMissing says that there is nothing to submit.
func nothingMissing(ctx *cli.Context, s submission) error {
	if ctx.Bool("json") {
		return printJSON(ctx.App.Writer, s)
	}
	_, err := fmt.Fprintf(ctx.App.Writer, "%s: nothing is missing, nothing to submit; `bnlab report %s` reports\n", visible(s.Dir), shellWord(s.Dir))
	return err
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
		quote(scripts[0]), quote(scripts[1]))
	return nil
}

// slurmJobOf reads the flags.
func slurmJobOf(ctx *cli.Context, folder *experiment.Folder) (j slurmJob, err error) {
	if j.Run, err = filepath.Abs(folder.Dir); err != nil {
		return j, err
	}
	if j.Program, err = os.Executable(); err != nil {
		return j, err
	}
	if j.CPUs = ctx.Int("cpus-per-task"); j.CPUs < 1 || j.CPUs > maxWorkers {
		return j, usagef("--cpus-per-task %d: give 1 to %d", j.CPUs, maxWorkers)
	}
	units := len(folder.Plan.Units())
	switch j.Shards = ctx.Int("shards"); {
	case j.Shards == 0:
		j.Shards = min(maxShards, (units+j.CPUs-1)/j.CPUs)
	case j.Shards < 0 || j.Shards > units:
		return j, usagef("--shards %d: the plan has %s; give 1 to %d, or 0 for one unit a core", j.Shards, message.Count(units, "unit"), units)
	}
	if j.Limit = ctx.Int("limit"); j.Limit < 0 {
		return j, usagef("--limit %d: give 1 or more, or 0 for no limit", j.Limit)
	}
	j.Time, j.Partition, j.Sbatch = ctx.String("time"), ctx.String("partition"), ctx.String("sbatch")
	if err := j.check(); err != nil {
		return j, err
	}
	if j.Tasks, err = tasksOf(ctx, folder, j.Shards); err != nil {
		return j, err
	}
	j.Dataset = folder.Plan.Dataset.Name
	if j.Dataset == experiment.Altered {
		j.Dataset = experiment.Original // as --dataset says it
	}
	if j.Dataset == experiment.Original {
		j.Data, err = dataPath(ctx.String("data"))
	}
	return j, err
}

// tasksOf returns the shards of which a trial has no result or has failed, counted
// from 0: what sweep run would train of each.
func tasksOf(ctx *cli.Context, folder *experiment.Folder, shards int) ([]int, error) {
	outcomes, err := folder.Outcomes(damagedTo(ctx))
	if err != nil {
		return nil, err
	}
	var tasks []int
	for at, unit := range folder.Plan.Units() {
		for _, i := range unit {
			if !outcomes[i].Done() || outcomes[i].Error != "" {
				tasks = append(tasks, at%shards)
			}
		}
	}
	slices.Sort(tasks)
	return slices.Compact(tasks), nil
}

// dataPath returns the full path of CIFAR-10, empty where it is not found: the
// nodes may have it all the same.
func dataPath(flag string) (string, error) {
	path, err := cifar.Find(flag)
	if err != nil || path == "" {
		return "", err
	}
	return filepath.Abs(path)
}
