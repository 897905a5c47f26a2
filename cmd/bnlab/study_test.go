package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bnlab/train/experiment"
)

// TestStudyFails: trials that fail are named and end the command with exit code 1;
// the others are kept, and the next call trains those that failed, alone.
func TestStudyFails(t *testing.T) {
	cleanEnv(t)
	data := few()
	dir := filepath.Join(t.TempDir(), "run")
	compare := small("compare --quiet --depth 2 --seeds 2 --fuse 1 --workers 1", "--train-size 400 --test-size 100 --out", dir)
	// A label of no class, as no reader lets through: a mistake of the program.
	bad := few()
	bad.Train.Labels[7] = 200
	give(t, bad)
	r := want(t, exitFailed, compare...)
	for _, text := range []string{"2-layer BN  0 +2 failed", "FAILED: 2-layer-bn-seed1, 2-layer-bn-seed2, 2-layer-seed1, 2-layer-seed2"} {
		if !strings.Contains(r.stdout, text) {
			t.Errorf("no %q in\n%s", text, r.stdout)
		}
	}
	const line = "bnlab: trials without a result: 4 failed, 0 missing: 2-layer-bn-seed1, 2-layer-bn-seed2, 2-layer-seed1, 2-layer-seed2\n"
	if r.stderr != line {
		t.Errorf("stderr %q", r.stderr)
	}
	if r := want(t, exitFailed, "sweep", "collect", dir); r.stderr != line {
		t.Errorf("collect: stderr %q", r.stderr)
	}
	r = want(t, exitFailed, "sweep", "run", "--quiet", "--dataset", "synthetic", "--trial", "2-layer-seed2", dir)
	if !strings.Contains(r.stdout, "0 done, 0 missing\nfailed: 2-layer-bn-seed1,") || !strings.Contains(r.stderr, "1 failed") {
		t.Errorf("sweep run: %+v", r)
	}
	// The data are sound now: first one trial is trained, then the rest.
	give(t, data)
	r = want(t, exitDone, "sweep", "run", "--quiet", "--dataset", "synthetic", "--trial", "2-layer-seed2", dir)
	if !strings.Contains(r.stdout, "1 done, 0 missing\nfailed: ") {
		t.Errorf("sweep run: %+v", r)
	}
	sound := contents(t, filepath.Join(dir, "trials", "2-layer-seed2"))
	want(t, exitDone, compare...)
	if diff := cmp.Diff(sound, contents(t, filepath.Join(dir, "trials", "2-layer-seed2"))); diff != "" {
		t.Errorf("a good trial is written again:\n%s", diff)
	}
	if s := collected(t, dir); s.Trials != 4 || len(s.Failed) > 0 || s.Groups[0].N != 2 {
		t.Errorf("in the end: %+v", s)
	}
}

// TestStudyDiverges: diverged trials are named, are no failure, and are not
// trained again.
func TestStudyDiverges(t *testing.T) {
	cleanEnv(t)
	give(t, few())
	dir := filepath.Join(t.TempDir(), "run")
	compare := small("compare --quiet --depth 2 --eta-max 1e30", "--train-size 400 --test-size 100 --out", dir)
	r := want(t, exitDone, compare...)
	if !strings.Contains(r.stdout, "\nDIVERGED: ") || !strings.Contains(r.stdout, "2-layer-seed1\n") || !strings.Contains(r.stdout, "+1 diverged") {
		t.Errorf("stdout %s", r.stdout)
	}
	before := contents(t, dir)
	if again := want(t, exitDone, compare...); again.stdout != r.stdout {
		t.Errorf("the second time:\n%s", cmp.Diff(r.stdout, again.stdout))
	}
	if diff := cmp.Diff(before, contents(t, dir)); diff != "" {
		t.Errorf("the second time changes the folder:\n%s", diff)
	}
	if s := collected(t, dir); len(s.Diverged) == 0 || len(s.Failed) != 0 {
		t.Errorf("%+v", s)
	}
}

// TestSearchChoosesOnValidation: coarse and fine trials have no test metrics, the
// final ones do; stage by stage and all at once end alike.
func TestSearchChoosesOnValidation(t *testing.T) {
	cleanEnv(t)
	give(t, few())
	dir := t.TempDir()
	search := func(stage, to string) (s experiment.Summary) {
		line := small("search --json --quiet --points 3 --seeds 2", "--train-size 400 --test-size 100 --stage", stage, "--out", to)
		want(t, exitDone, line...).decode(t, &s)
		s.TrainSeconds, s.EvalSeconds, s.WallSeconds = 0, 0, 0
		for i := range s.Groups {
			s.Groups[i].Seconds = 0
		}
		return s
	}
	all := search("all", filepath.Join(dir, "all"))
	if len(all.Groups) != 8+3+1 || all.Best.TestAcc == nil || all.Best.Lambda != all.Groups[11].Config.Lambda {
		t.Errorf("%d groups, best %+v", len(all.Groups), all.Best)
	}
	for _, g := range all.Groups {
		if final := g.Stage == "final"; final != (g.TestAcc.Values != nil) || g.ValAcc.Values == nil || !g.Config.BN {
			t.Errorf("%s %s: %+v", g.Stage, g.Name, g)
		}
		if g.Stage != "final" && g.ValAcc.Mean > all.Best.ValAcc {
			t.Errorf("best %+v, but %s has %g", all.Best, g.Name, g.ValAcc.Mean)
		}
	}
	for path, text := range contents(t, filepath.Join(dir, "all")) {
		if strings.Contains(text, "test_acc") != (strings.HasPrefix(path, "final") && strings.HasSuffix(path, "result.json")) {
			t.Errorf("%s: test metrics where none should be, or none where they should", path)
		}
	}
	for _, stage := range experiment.Stages {
		last := search(stage, filepath.Join(dir, "steps"))
		if stage != "final" {
			if last.Best.TestAcc != nil {
				t.Errorf("%s stage: %+v", stage, last.Best)
			}
			continue
		}
		if diff := cmp.Diff(all, last); diff != "" {
			t.Errorf("all at once − by stages +\n%s", diff)
		}
	}
	want(t, exitUsage, small("search --stage fine")...)
}
