package slurm

import (
	"path/filepath"
	"slices"
	"testing"

	"bnlab/train/answer"
	"bnlab/train/experiment"
	"bnlab/train/study"
)

// TestJobsOfStudy: each stage of a search has a job with as many tasks as it has trials, at
// most; that of a later one waits for all tasks of the one before, that of another experiment
// for none, and gathering for all jobs.
func TestJobsOfStudy(t *testing.T) {
	s, err := study.Parse("x.yaml", []byte("experiments: [{name: x, search: {over: lambda, coarse: [0.1, 0.01, 0.001], fine: {draw: 30}, final: {seeds: 5}}}, {name: y, vary: {bn: [true, false]}}]"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	work := &answer.Work{Dir: dir, Study: s, Parts: answer.Parts(s, dir)}
	for _, p := range work.Parts {
		if p.Stage != p.Stages()[0] {
			continue
		}
		plan := &experiment.Plan{Format: experiment.Format, Experiment: p.Name, Dataset: experiment.DatasetOf("synthetic", "0123456789ab"), Program: "test", Trials: p.Trials()}
		for i := range plan.Trials {
			plan.Trials[i].Unit = i
		}
		if _, err := experiment.Create(p.Dir, plan); err != nil {
			t.Fatal(err)
		}
	}
	jobs, err := JobsOf(work, Options{Shards: 7, CPUs: 1}, "", func(err error) { t.Error(err) })
	if err != nil {
		t.Fatal(err)
	}
	var tasks []int
	for _, j := range jobs {
		tasks = append(tasks, len(j.Tasks))
	}
	if want := []int{3, 7, 5, 2}; !slices.Equal(tasks, want) {
		t.Errorf("tasks %v, want %v", tasks, want)
	}
	scripts, err := jobs.Write(dir)
	if err != nil || len(scripts) != 5 {
		t.Fatalf("%d scripts, error %v", len(scripts), err)
	}
	for i, after := range [][]int{nil, {0}, {1}, nil, {0, 1, 2, 3}} {
		if s := scripts[i]; !slices.Equal(s.After, after) || s.Done != (i == 1 || i == 2) {
			t.Errorf("script %d: %+v", i, s)
		}
	}
	if want := filepath.Join(dir, "slurm", "gather.sh"); scripts[4].Path != want {
		t.Errorf("gathering by %s, want %s", scripts[4].Path, want)
	}
}
