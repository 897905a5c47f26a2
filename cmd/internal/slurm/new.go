package slurm

import (
	"os"
	"path/filepath"
	"slices"

	"bnlab/cifar"
	"bnlab/train/experiment"
	"bnlab/train/message"
)

// Options say how the cluster trains.
type Options struct {
	Shards    int    `flag:"shards" min:"0" help:"tasks; 0 for one unit per core of each task, at most 1000 tasks"`
	CPUs      int    `flag:"cpus-per-task" min:"1" max:"4096" help:"cores per task, each training one unit at a time"`
	Limit     int    `flag:"limit" min:"0" help:"most tasks that run at once; 0 for all"`
	Time      string `flag:"time" arg:"TIME" help:"time limit of a task, such as 30 (minutes), 2:00:00 or 1-12:00:00, at least three minutes; empty for the partition's own"`
	Partition string `flag:"partition" arg:"NAME" help:"partition; empty for the cluster's default"`
	Sbatch    string `flag:"sbatch" arg:"OPTIONS" help:"further OPTIONS for sbatch, written as in a script"`
}

// maxShards is the most tasks that Slurm takes in one array, unless its
// administrator says otherwise.
const maxShards = 1000

// New returns the job that trains what is missing of a plan, on the data that are named
// by data or found here. It tells damaged of records that count as missing.
func New(folder *experiment.Folder, o Options, data string, damaged func(error)) (j Job, err error) {
	j.Options = o
	if j.Run, err = filepath.Abs(folder.Dir); err != nil {
		return j, err
	}
	if j.Program, err = os.Executable(); err != nil {
		return j, err
	}
	units := len(folder.Plan.Units())
	switch {
	case j.Shards == 0:
		j.Shards = min(maxShards, (units+j.CPUs-1)/j.CPUs)
	case j.Shards > units:
		return j, message.Fieldf("{shards} %d: the plan has %s; give 1 to %d, or 0 for one unit per core", j.Shards, message.Count(units, "unit"), units)
	}
	if err := j.Check(); err != nil {
		return j, err
	}
	if j.Tasks, err = tasks(folder, j.Shards, damaged); err != nil {
		return j, err
	}
	j.Dataset = folder.Plan.Dataset.Name
	if j.Dataset == experiment.Altered {
		j.Dataset = experiment.Original // as --dataset says it
	}
	if j.Dataset == experiment.Original {
		j.Data, err = fullPath(data)
	}
	return j, err
}

// tasks returns the shards of which a trial has no result or has failed, counted
// from 0: what sweep run would train of each.
func tasks(folder *experiment.Folder, shards int, damaged func(error)) ([]int, error) {
	outcomes, err := folder.Outcomes(damaged)
	if err != nil {
		return nil, err
	}
	var all []int
	for at, unit := range folder.Plan.Units() {
		for _, i := range unit {
			if !outcomes[i].Done() || outcomes[i].Error != "" {
				all = append(all, at%shards)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

// fullPath returns the full path of CIFAR-10, empty where it is not found: the nodes
// may have it all the same.
func fullPath(data string) (string, error) {
	path, err := cifar.Find(data)
	if err != nil || path == "" {
		return "", err
	}
	return filepath.Abs(path)
}
