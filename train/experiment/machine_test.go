package experiment

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bnlab/blas"
	"bnlab/train"
	"bnlab/train/atomicfile"
)

// TestRunUnreadable: a run that cannot read a checkpoint ends with an error that
// names it, and leaves it; the next one continues from it.
func TestRunUnreadable(t *testing.T) {
	plan := long(train.F32)
	want := timeless(runAll(t, runner(t, nil), plan))
	f := interruptedFolder(t, plan)
	before := files(t, f, "checkpoint.*")
	path, _, err := f.checkpoints(plan.Trials[:3]).Latest(Runner{Program: "v1"}.training(plan, plan.Trials[:3]))
	must(t, err)
	must(t, os.Rename(path, path+".away"), os.Symlink(path, path))
	r := runner(t, f)
	r.Workers = 1
	if outcomes, err := r.Run(t.Context(), plan); !errors.Is(err, atomicfile.ErrLink) || !strings.HasPrefix(err.Error(), path+": ") || outcomes[0].Done() {
		t.Errorf("error %v", err)
	}
	must(t, os.Rename(path+".away", path))
	if after := files(t, f, "checkpoint.*"); !slices.Equal(before, after) {
		t.Errorf("checkpoints %v, before %v", after, before)
	}
	outcomes, _, from := interruptedRun(t, f, 1000)
	if diff := cmp.Diff(want, timeless(outcomes)); diff != "" || from[0] == 0 {
		t.Errorf("from step %d (-want +got):\n%s", from[0], diff)
	}
}

// TestRunThreads: runs with other threads in one folder do not touch each other's
// checkpoints while a trial is missing.
func TestRunThreads(t *testing.T) {
	if blas.Current().Name != "openblas" {
		t.Skip("the backend does not tell its threads")
	}
	defer blas.SetThreads(blas.Current().Threads)
	blas.SetThreads(1)
	plan := long(train.F32)
	f := interruptedFolder(t, plan)
	before := snapshot(t, f.Dir)
	blas.SetThreads(2)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	r := runner(t, f)
	var warnings []string
	r.Warn = func(err error) { warnings = append(warnings, err.Error()) }
	r.Workers, r.Data = 1, sets{onTrain: atCall(40, stop)}.data()
	if _, err := r.Run(ctx, plan); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if len(warnings) != 1 || !strings.Contains(warnings[0], "backend.threads is 1, here 2; it is kept") {
		t.Errorf("warnings %q", warnings)
	}
	after := snapshot(t, f.Dir)
	for path, file := range before {
		if after[path] != file && filepath.Base(path) != curveFile { // of what trains
			t.Errorf("%s is changed or gone", path)
		}
	}
	if len(after) == len(before) {
		t.Error("no checkpoint of its own")
	}
}

// TestVanishedFolder: a run folder that is removed during training is an error that
// names it, and is not created again.
func TestVanishedFolder(t *testing.T) {
	plan := long(train.F32)
	f := create(t, filepath.Join(t.TempDir(), "run"), plan)
	r := runner(t, f)
	r.Data = sets{onTrain: sync.OnceFunc(func() { os.Rename(f.Dir, f.Dir+".away") })}.data()
	_, err := r.Run(t.Context(), plan)
	if !errors.Is(err, os.ErrNotExist) || !strings.HasPrefix(err.Error(), f.Dir) {
		t.Errorf("error %v", err)
	}
	if _, err := os.Stat(f.Dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder is back: %v", err)
	}
}

// TestRunTellsWhatIsKept: for an interrupted unit the run reports what was written, not
// what should have been.
func TestRunTellsWhatIsKept(t *testing.T) {
	plan := long(train.F32)
	for _, v := range []struct {
		readings int // of the training images, until the run is interrupted
		kept     bool
		damage   func(dir string)
	}{
		{3, false, nil},
		{40, true, nil},
		{40, false, func(dir string) { os.Rename(dir, dir+".away") }},
	} {
		f := create(t, filepath.Join(t.TempDir(), "run"), plan)
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		interrupt := func() {
			if v.damage != nil {
				v.damage(f.Dir)
			}
			stop()
		}
		r := runner(t, f)
		told := ""
		r.Interrupted = func(unit []Trial, checkpoint string) {
			told += fmt.Sprint(ids(unit), checkpoint != "")
			if _, err := os.Stat(checkpoint); checkpoint != "" && err != nil {
				t.Error(err)
			}
		}
		r.Workers, r.Data = 1, sets{onTrain: atCall(v.readings, interrupt)}.data()
		if _, err := r.Run(ctx, plan); err == nil {
			t.Error("not interrupted")
		}
		if want := fmt.Sprint(ids(plan.Trials[:3]), v.kept); told != want {
			t.Errorf("%+v: told %s, want %s", v, told, want)
		}
	}
}

// TestRunClears: what a killed writer of a record has left is removed when the trial
// has its record, from this run or an earlier one.
func TestRunClears(t *testing.T) {
	f, trial := createSmall(t)
	for range 2 {
		dir, err := f.makeTrialDir(trial)
		must(t, err)
		write(t, filepath.Join(dir, ".result.json8123456789012345678"), nil)
		write(t, filepath.Join(dir, ".curve.jsonl.0123456789abcdef.tmp"), nil)
		runAll(t, runner(t, f), f.Plan)
		onlyRecords(t, f)
	}
}
