package slurm

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"bnlab/train"
	"bnlab/train/atomicfile"
	"bnlab/train/experiment"
)

// planned returns a folder with a plan of trials, each a unit of its own.
func planned(t *testing.T, trials int) *experiment.Folder {
	t.Helper()
	plan := &experiment.Plan{Format: experiment.Format, Experiment: "test", Dataset: experiment.DatasetOf("synthetic", "0123456789ab"), Program: "test"}
	for i := range trials {
		plan.Trials = append(plan.Trials, experiment.Trial{ID: string(rune('a' + i)), Group: "all", Unit: i, Config: train.Default()})
	}
	folder, err := experiment.Create(t.TempDir(), plan)
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

// TestShards: as many tasks as keep their cores busy, and no more than there are units.
func TestShards(t *testing.T) {
	folder := planned(t, 5)
	for _, c := range []struct {
		shards, cpus int
		want         []int // nil where it is refused
	}{
		{0, 1, []int{0, 1, 2, 3, 4}}, {0, 2, []int{0, 1, 2}}, {0, 8, []int{0}}, {2, 1, []int{0, 1}}, {5, 4, []int{0, 1, 2, 3, 4}}, {6, 1, nil},
	} {
		job, err := New(folder, Options{Shards: c.shards, CPUs: c.cpus}, "", func(error) {})
		if c.want == nil && err == nil || c.want != nil && (err != nil || job.Shards != len(c.want) || !slices.Equal(job.Tasks, c.want)) {
			t.Errorf("%+v: shards %d, tasks %v, error %v", c, job.Shards, job.Tasks, err)
		}
	}
}

// TestTasksRefused: a trial that lies behind a link is no trial without a result.
func TestTasksRefused(t *testing.T) {
	folder := planned(t, 2)
	if err := os.MkdirAll(filepath.Join(folder.Dir, "trials"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(t.TempDir(), folder.TrialDir(folder.Plan.Trials[1])); err != nil {
		t.Fatal(err)
	}
	if job, err := New(folder, Options{CPUs: 1}, "", func(error) {}); !errors.Is(err, atomicfile.ErrLink) {
		t.Errorf("tasks %v, error %v", job.Tasks, err)
	}
}

// TestJobData: the nodes get the full path of CIFAR-10, named or found; the data of
// another set are theirs to make.
func TestJobData(t *testing.T) {
	folder := planned(t, 1)
	t.Chdir(t.TempDir())
	t.Setenv("CIFAR10_DIR", "")
	t.Setenv("XDG_CACHE_HOME", filepath.Join(t.TempDir(), "none"))
	if err := os.MkdirAll("data/cifar-10-batches-bin", 0o777); err != nil {
		t.Fatal(err)
	}
	here, err := filepath.Abs("data/cifar-10-batches-bin")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ dataset, named, wantDataset, want string }{
		{"synthetic", "data", "synthetic", ""},
		{experiment.Original, "data", experiment.Original, here},
		{experiment.Original, "", experiment.Original, here},
		{experiment.Altered, "data", experiment.Original, here},
		{experiment.Original, "nowhere", experiment.Original, "no such"},
	} {
		folder.Plan.Dataset.Name = c.dataset
		job, err := New(folder, Options{CPUs: 1}, c.named, func(error) {})
		got := job.Data
		if err != nil {
			got = err.Error()
		}
		if job.Dataset != c.wantDataset || got != c.want && (err == nil || !strings.Contains(got, c.want)) {
			t.Errorf("%+v: data set %s, data %s", c, job.Dataset, got)
		}
	}
}

// TestNewStage: a stage whose plan is not there yet has tasks for the trials that it will
// have, and no more.
func TestNewStage(t *testing.T) {
	plan := planned(t, 1).Plan
	for _, c := range []struct{ trials, shards, cpus, want int }{
		{30, 0, 1, 4}, {30, 0, 4, 1}, {30, 7, 1, 7}, {3, 7, 1, 3}, {1, 0, 8, 1}, {100_000, 0, 1, maxShards},
	} {
		dir := filepath.Join(t.TempDir(), "fine")
		job, err := NewStage(dir, c.trials, plan, Options{Shards: c.shards, CPUs: c.cpus}, "")
		if err != nil || job.Shards != c.want || len(job.Tasks) != c.want || job.Run != dir {
			t.Errorf("%+v: shards %d, tasks %v of %s, error %v", c, job.Shards, job.Tasks, job.Run, err)
		}
	}
}

// TestDependency: a stage begins when all tasks of the one before have ended well, and
// gathering when all have ended.
func TestDependency(t *testing.T) {
	for _, c := range []struct {
		s    Script
		want string
	}{
		{Script{}, ""},
		{Script{After: []int{1}, Done: true}, "--dependency=afterok:8 --kill-on-invalid-dep=yes"},
		{Script{After: []int{0, 1}}, "--dependency=afterany:7:8"},
	} {
		if got := strings.Join(c.s.Dependency([]string{"7", "8"}), " "); got != c.want {
			t.Errorf("%+v: %s, want %s", c.s, got, c.want)
		}
	}
}
