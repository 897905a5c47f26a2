package main

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"bnlab/cmd/internal/results"
	"bnlab/train/experiment"
)

// summaryOf runs a command and returns the groups that it prints.
func summaryOf(t *testing.T, args ...string) []experiment.Group {
	t.Helper()
	var s experiment.Summary
	want(t, exitDone, small(args...)...).decode(t, &s)
	return s.Groups
}

// near compares numbers to a relative and absolute difference.
func near(limit float64) cmp.Option {
	return cmp.Options{
		cmpopts.IgnoreFields(experiment.Group{}, "Seconds"),
		cmpopts.EquateApprox(limit, limit),
	}
}

// The same command prints the same numbers; another seed does not.
func TestCompareRepeats(t *testing.T) {
	cleanEnv(t)
	first := summaryOf(t, "compare --json --depth 2,3 --seeds 3")
	if diff := cmp.Diff(first, summaryOf(t, "compare --json --depth 2,3 --seeds 3"), near(0)); diff != "" {
		t.Errorf("the same command again:\n%s", diff)
	}
	other := summaryOf(t, "compare --json --depth 2,3 --seeds 3 --seed 4")
	if first[0].TrainLoss.Mean == other[0].TrainLoss.Mean {
		t.Error("another seed gives the same loss")
	}
}

// Trials side by side, one after the other and on one core or two agree; so does
// a training alone.
func TestCompareFused(t *testing.T) {
	cleanEnv(t)
	const line = "compare --json --precision f64 --depth 3 --seeds 3 "
	want := summaryOf(t, line)
	ways := []string{"--fuse 2 --workers 3", "--fuse off", "--workers 1", "--fuse off --workers 1"}
	if testing.Short() {
		ways = ways[:1]
	}
	for _, options := range ways {
		if diff := cmp.Diff(want, summaryOf(t, line+options), near(1e-9)); diff != "" {
			t.Errorf("%s:\n%s", options, diff)
		}
	}
	alone := trainSmall(t, "--json --precision f64 --bn --seed 2")
	if got := want[0].TrainLoss.Values[1]; math.Abs(got-alone.Final.TrainLoss) > 1e-9 {
		t.Errorf("training loss of the second seed: %v side by side, %v alone", got, alone.Final.TrainLoss)
	}
}

func trainSmall(t *testing.T, options string) (r results.Training) {
	t.Helper()
	want(t, exitDone, small("train", options)...).decode(t, &r)
	return r
}

// Threads of BLAS change no more than rounding.
func TestTrainThreads(t *testing.T) {
	cleanEnv(t)
	one, two := trainSmall(t, "--json --precision f64 --threads 1"), trainSmall(t, "--json --precision f64 --threads 2")
	if diff := cmp.Diff(one.Final, two.Final, cmpopts.EquateApprox(1e-9, 0)); diff != "" {
		t.Errorf("two threads:\n%s", diff)
	}
}
