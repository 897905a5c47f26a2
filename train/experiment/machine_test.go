package experiment

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bnlab/blas"
	"bnlab/train"
)

// TestRunUnreadable: a run that cannot read a checkpoint ends with an error that
// names it, and leaves it; the next one goes on from it.
func TestRunUnreadable(t *testing.T) {
	plan := long(train.F32)
	want := timeless(runAll(t, runner(t, nil), plan))
	f := interruptedFolder(t, plan)
	before := files(t, f, "checkpoint.*")
	path, _, err := f.checkpoints(plan.Trials[:3]).Latest(Runner{Program: "v1"}.training(plan, plan.Trials[:3]))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Rename(path, path+".away"), os.Symlink(path, path)); err != nil {
		t.Fatal(err)
	}
	r := runner(t, f)
	r.Workers = 1
	if outcomes, err := r.Run(t.Context(), plan); !errors.Is(err, syscall.ELOOP) || !strings.HasPrefix(err.Error(), path+": ") || outcomes[0].Ran() {
		t.Errorf("error %v", err)
	}
	if err := os.Rename(path+".away", path); err != nil {
		t.Fatal(err)
	}
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
	r.Workers, r.Observer, r.Data = 1, &epochs{}, sets{onTrain: (&epochs{left: 40, stop: stop}).read}.data()
	if _, err := r.Run(ctx, plan); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if len(warnings) != 1 || !strings.Contains(warnings[0], "backend.threads is 1, here 2; it stays") {
		t.Errorf("warnings %q", warnings)
	}
	after := snapshot(t, f.Dir)
	for path, file := range before {
		if after[path] != file {
			t.Errorf("%s is changed or gone", path)
		}
	}
	if len(after) == len(before) {
		t.Error("no checkpoint of its own")
	}
}

// TestVanishedFolder: the folder of a run that is removed while it trains is an
// error that names it, and does not come back.
func TestVanishedFolder(t *testing.T) {
	plan := long(train.F32)
	f := create(t, filepath.Join(t.TempDir(), "run"), plan)
	r := runner(t, f)
	var once sync.Once
	r.Data = sets{onTrain: func() { once.Do(func() { os.RemoveAll(f.Dir) }) }}.data()
	_, err := r.Run(t.Context(), plan)
	if !errors.Is(err, os.ErrNotExist) || !strings.HasPrefix(err.Error(), f.Dir) {
		t.Errorf("error %v", err)
	}
	if _, err := os.Stat(f.Dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder is back: %v", err)
	}
}
