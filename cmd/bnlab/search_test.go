package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bnlab/cmd/internal/question"
	"bnlab/train"
	"bnlab/train/experiment"
	"bnlab/train/study"
)

// TestSearch: a λ is chosen by validation accuracy alone. Coarse and fine trials have no
// test metrics, the final ones do, and theirs is the test accuracy of the best λ; the fine
// stage is drawn from --seed, not from the order's; stage by stage and all at once end
// alike.
func TestSearch(t *testing.T) {
	cleanEnv(t)
	give(t, few())
	dir := t.TempDir()
	search := func(stage, to string) (s experiment.Summary) {
		line := small("search --json --quiet --points 3 --seeds 2 --seed 3 --order-seed 5", "--train-size 400 --test-size 100 --val 93 --stage", stage, "--out", to) // no fraction of 93 is one of 100
		want(t, exitDone, line...).decode(t, &s)
		s.WallSeconds = 0
		return timeless(s)
	}
	all := search("all", filepath.Join(dir, "all"))
	stages, drawn := map[string][]experiment.Group{}, []float64(nil)
	for _, g := range all.Groups {
		stages[g.Stage] = append(stages[g.Stage], g)
		if g.Stage == "fine" {
			drawn = append(drawn, g.Config.Lambda)
		}
		if final := g.Stage == "final"; final != (g.TestAcc.Values != nil) || g.ValAcc.Values == nil || !g.Config.BN || !final && g.ValAcc.Mean > all.Best.ValAcc {
			t.Errorf("best %+v, %s %s: %+v", all.Best, g.Stage, g.Name, g)
		}
	}
	if len(stages["coarse"]) != 8 || len(stages["fine"]) != 3 || len(stages["final"]) != 1 || all.Trials != 8+3+2 {
		t.Fatalf("%d trials, stages %v", all.Trials, stages)
	}
	base := train.Default()
	base.Seed = 3
	s, err := question.Ask("search", base, 2, question.Search{Points: 3, Range: "report", SearchSeeds: 2}.Changes("search", 3, 2))
	if err != nil {
		t.Fatal(err)
	}
	fine, err := s.Experiments[0].StageTrials(study.Refine, stages["coarse"])
	if err != nil || len(fine) != 6 {
		t.Fatalf("%d fine trials, error %v", len(fine), err)
	}
	for i, lambda := range drawn {
		if want := fine[2*i].Config.Lambda; lambda != want {
			t.Errorf("fine λ %g, want %g", lambda, want)
		}
	}
	final, best := stages["final"][0], all.Best
	if best.TestAcc == nil || *best.TestAcc != final.TestAcc.Mean || *best.TestAcc == final.ValAcc.Mean || best.Lambda != final.Config.Lambda || final.N != 2 {
		t.Errorf("best %+v, final %+v", best, final)
	}
	for path, text := range contents(t, filepath.Join(dir, "all")) {
		tests := path == "records.csv" || strings.HasPrefix(path, "final") && strings.HasSuffix(path, "result.json")
		if strings.Contains(text, "test_acc") != tests {
			t.Errorf("%s: test metrics where none should be, or none where they should", path)
		}
	}
	for _, stage := range s.Experiments[0].Stages() {
		last := search(stage, filepath.Join(dir, "steps"))
		if diff := cmp.Diff(all, last); stage == "final" && diff != "" {
			t.Errorf("all at once − by stages +\n%s", diff)
		} else if stage != "final" && last.Best.TestAcc != nil {
			t.Errorf("%s stage: %+v", stage, last.Best)
		}
	}
}
