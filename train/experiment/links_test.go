package experiment

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"bnlab/train/atomicfile"
)

// TestRunLinks: the folder of a run and its trials may be links, and what lies there
// is the same.
func TestRunLinks(t *testing.T) {
	at := t.TempDir()
	link := filepath.Join(at, "link")
	must(t, os.Symlink("far/run", link), os.MkdirAll(filepath.Join(at, "far/run"), 0o777),
		os.Mkdir(filepath.Join(at, "trials"), 0o777), os.Symlink("../../trials", filepath.Join(at, "far/run/trials")))
	f := create(t, link, smallPlan())
	want := timeless(runAll(t, runner(t, nil), f.Plan))
	same(t, want, timeless(runAll(t, runner(t, f), f.Plan)), "through links")
	if entries, err := os.ReadDir(filepath.Join(at, "trials")); err != nil || len(entries) != len(f.Plan.Trials) {
		t.Errorf("%d trials, error %v", len(entries), err)
	}
	files := []string{filepath.Join(link, planFile), filepath.Join(link, gradientFile)}
	for _, trial := range f.Plan.Trials {
		files = append(files, filepath.Join(f.TrialDir(trial), curveFile), filepath.Join(f.TrialDir(trial), resultFile))
	}
	same(t, slices.Sorted(slices.Values(files)), slices.Sorted(Files(link)), "files")
}

// TestLinkInside: a link in place of anything in a run folder is reported, when reading
// and when training, and its target stays unchanged, like everything that cannot be
// read; once it can, nothing is trained again.
func TestLinkInside(t *testing.T) {
	f := create(t, t.TempDir(), smallPlan())
	runAll(t, runner(t, f), f.Plan)
	trial, plan, whole := f.Plan.Trials[3], filepath.Join(f.Dir, planFile), snapshot(t, f.Dir)
	for _, path := range []string{plan, f.TrialDir(trial), filepath.Join(f.TrialDir(trial), resultFile), filepath.Join(f.TrialDir(trial), curveFile)} {
		away := filepath.Join(t.TempDir(), "away")
		must(t, os.Rename(path, away), os.Symlink(away, path))
		before := snapshot(t, filepath.Dir(away))
		var errs [3]error
		if path == plan {
			_, errs[0] = Open(f.Dir)
			_, errs[1] = Create(f.Dir, smallPlan())
			errs[2] = errs[0]
		} else {
			_, errs[0] = runner(t, f).Run(t.Context(), f.Plan)
			_, errs[1] = f.Outcomes(func(err error) { t.Errorf("warned: %v", err) })
			_, errs[2] = f.Keep(record(finished(trial, 0.5, 0.5)))
		}
		for _, err := range errs {
			if !errors.Is(err, atomicfile.ErrLink) || !strings.HasPrefix(err.Error(), path+": is a link") {
				t.Errorf("%s: error %v", path, err)
			}
		}
		same(t, before, snapshot(t, filepath.Dir(away)), "%s leads to what has changed", path)
		must(t, os.Remove(path), os.Rename(away, path))
		same(t, whole, snapshot(t, f.Dir), "%s a link: the folder has changed", path)
	}
	if _, trained := runAgain(t, runner(t, f), f.Plan); trained != nil {
		t.Errorf("trained again: %v", trained)
	}
	record := GradientRecord{Format: Format}
	away := filepath.Join(t.TempDir(), "away")
	must(t, os.Symlink(away, filepath.Join(f.Dir, gradientFile)))
	_, reads := ReadGradients(f.Dir)
	for _, err := range []error{reads, record.Keep(f.Dir)} {
		if !errors.Is(err, atomicfile.ErrLink) {
			t.Errorf("gradient checks: error %v", err)
		}
	}
	if _, err := os.Lstat(away); err == nil {
		t.Error("gradient checks are written through a link")
	}
}

// TestLinkPlanted: a link that takes the place of a trial's folder while it trains
// ends the run, and nothing is written where it leads.
func TestLinkPlanted(t *testing.T) {
	f := create(t, t.TempDir(), smallPlan())
	away := t.TempDir()
	r := runner(t, f)
	r.Warn = func(error) {} // that there is no checkpoint
	path := f.TrialDir(f.Plan.Trials[0])
	var planted error
	r.Workers, r.Observer = 1, observer{start: func([]Trial) {
		planted = errors.Join(os.Rename(path, path+".gone"), os.Symlink(away, path))
	}}
	if _, err := r.Run(t.Context(), f.Plan); !errors.Is(err, atomicfile.ErrLink) {
		t.Errorf("error %v", err)
	}
	must(t, planted)
	if entries, err := os.ReadDir(away); err != nil || len(entries) != 0 {
		t.Errorf("files %v, error %v", entries, err)
	}
}
