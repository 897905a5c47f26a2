package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bnlab/train/experiment"
)

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
