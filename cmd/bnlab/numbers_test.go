package main

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"bnlab/blas"
	"bnlab/cmd/internal/build"
	"bnlab/cmd/internal/modelfile"
	"bnlab/train"
	"bnlab/train/checkpoint"
	"bnlab/train/experiment"
)

// The fine stage of a search is drawn from --seed, not from the order's; each stage
// is called by its name; and the test accuracy of the best λ is that of the final
// networks.
func TestSearchStages(t *testing.T) {
	cleanEnv(t)
	give(t, few())
	var s experiment.Summary
	line := small("search --json --quiet --points 3 --seeds 2 --seed 3 --order-seed 5 --train-size 400 --test-size 100 --val 93") // no fraction of 93 is one of 100
	want(t, exitDone, line...).decode(t, &s)
	stages := map[string][]experiment.Group{}
	for _, g := range s.Groups {
		stages[g.Stage] = append(stages[g.Stage], g)
	}
	if len(stages["coarse"]) != 8 || len(stages["fine"]) != 3 || len(stages["final"]) != 1 {
		t.Fatalf("stages %v", stages)
	}
	low, high, err := experiment.ReportRange(stages["coarse"])
	if err != nil {
		t.Fatal(err)
	}
	var drawn []float64
	for _, g := range stages["fine"] {
		drawn = append(drawn, g.Config.Lambda)
	}
	if want := experiment.FineLambdas(low, high, 3, 3); !slices.Equal(drawn, want) {
		t.Errorf("fine λ %v, want %v", drawn, want)
	}
	final := stages["final"][0]
	if s.Best.TestAcc == nil || *s.Best.TestAcc != final.TestAcc.Mean || *s.Best.TestAcc == final.ValAcc.Mean || final.N != 2 {
		t.Errorf("best %+v, final %+v", s.Best, final)
	}
	if s.Trials != 8+3+2 {
		t.Errorf("%d trials", s.Trials)
	}
}

// A failed trial is to be trained again, and so gets a task when its plan is
// submitted again.
func TestFailedTrialGetsTask(t *testing.T) {
	cleanEnv(t)
	dir := filepath.Join(t.TempDir(), "run")
	bad := few()
	bad.Train.Labels[7] = 200 // of no class
	give(t, bad)
	want(t, exitFailed, small("compare --quiet --depth 2 --fuse 1 --workers 1 --train-size 400 --test-size 100 --out", dir)...)
	r := want(t, exitDone, "sweep", "submit", "--dry-run", "--shards", "2", dir)
	if array := regexp.MustCompile(`--array=(\S+)`).FindStringSubmatch(r.stdout); array == nil || array[1] != "0-1" {
		t.Errorf("tasks %q, want 0-1:\n%s", array, r.stdout)
	}
}

// A finished network with a checkpoint of its own training beside it was to be
// replaced, and that was interrupted: --resume continues with it, and does not take the
// file for its result.
func TestResumeOfInterruptedReplacement(t *testing.T) {
	cleanEnv(t)
	data := few()
	give(t, data)
	t.Chdir(t.TempDir())
	line := small("train --quiet --train-size 400 --test-size 100 --resume --save net")
	want(t, exitDone, line...)
	if r := want(t, exitDone, line...); !strings.Contains(r.stderr, "is complete, nothing to train") {
		t.Fatalf("a finished network: %s", r.stderr)
	}
	m, err := modelfile.Read("net")
	if err != nil {
		t.Fatal(err)
	}
	store := checkpoint.Open(checkpoint.Beside("net"), checkpoint.Training{Program: build.Version(), Dataset: data.Digest, Backend: blas.Current(), Trials: []train.Config{m.Config}}, true,
		checkpoint.Callbacks{Warn: func(err error) { t.Error(err) }})
	store.Keep(train.State{Steps: 5}) // tells that there is one; with nothing in it, it is of no use
	store.Close()
	if r := want(t, exitDone, line...); strings.Contains(r.stderr, "is complete") || !strings.Contains(r.stderr, "unusable checkpoint") {
		t.Errorf("the interrupted replacement is not gone on with: %s", r.stderr)
	}
}
