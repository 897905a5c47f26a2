package experiment

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// snapshot returns time and content of every file below dir.
func snapshot(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		content, err := os.ReadFile(path)
		files[path] = fmt.Sprint(info.ModTime(), "\n", string(content))
		return err
	})
	must(t, err)
	return files
}

// TestCreateTwice: the same plan again uses the existing folder. Its units and program
// version are kept, nothing is written, and what a killed writer has left is removed.
func TestCreateTwice(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "folder")
	first := create(t, dir, smallPlan())
	before := snapshot(t, dir)
	killed := filepath.Join(dir, "."+planFile+".0123456789abcdef.tmp") // what a killed writer leaves
	must(t, os.WriteFile(killed, nil, 0o666))
	if len(before) != 1 {
		t.Errorf("%d files, want the plan alone", len(before))
	}
	other := smallPlan()
	other.Program = "v2"
	other.Fuse(1, 1)
	second := create(t, dir, other)
	if diff := cmp.Diff(first, second); diff != "" || second.Plan.Program != "v1" {
		t.Errorf("−first +second:\n%s", diff)
	}
	same(t, before, snapshot(t, dir), "the folder has changed")
	opened, err := Open(dir)
	if diff := cmp.Diff(first, opened); err != nil || diff != "" {
		t.Errorf("opened, error %v:\n%s", err, diff)
	}
}

// TestCreateAtOnce: of many processes with two plans one writes its own; those
// with the same share it, the others are refused, and no other file is left.
func TestCreateAtOnce(t *testing.T) {
	for range 20 {
		dir := t.TempDir()
		var wait sync.WaitGroup
		var errs [8]error
		for i := range errs {
			wait.Go(func() {
				p := smallPlan()
				p.Experiment = []string{"even", "odd"}[i%2]
				_, errs[i] = Create(dir, p)
			})
		}
		wait.Wait()
		f, err := Open(dir)
		must(t, err)
		for i, err := range errs {
			mine := f.Plan.Experiment == []string{"even", "odd"}[i%2]
			if mine && err != nil || !mine && !errors.Is(err, ErrPlan) {
				t.Errorf("%s won, %d got %v", f.Plan.Experiment, i, err)
			}
		}
		if files := snapshot(t, dir); len(files) != 1 {
			t.Errorf("%d files, want one", len(files))
		}
	}
}

// TestOpenRefuses what is not a run folder; an empty or half a plan too, which
// Create leaves as it is.
func TestOpenRefuses(t *testing.T) {
	for _, v := range []struct{ name, plan, says string }{
		{"no plan", "", "no "},
		{"empty plan", "\n", "not a plan"},
		{"half a plan", `{"format": 1, "trials": [`, "not a plan"},
		{"other format", `{"format": 2}`, "plan of format 2"},
		{"unknown field", `{"format": 1, "colour": 3}`, "colour"},
	} {
		dir := t.TempDir()
		path := filepath.Join(dir, planFile)
		if v.plan != "" {
			must(t, os.WriteFile(path, []byte(v.plan), 0o666))
		}
		before := snapshot(t, dir)
		_, err := Open(dir)
		if !errors.Is(err, ErrPlan) || !strings.Contains(err.Error(), v.says) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: Open gives error %v", v.name, err)
		}
		if v.plan == "" {
			continue
		}
		if _, err := Create(dir, smallPlan()); !errors.Is(err, ErrPlan) {
			t.Errorf("%s: Create gives error %v", v.name, err)
		}
		same(t, before, snapshot(t, dir), "%s: the folder has changed", v.name)
	}
}
