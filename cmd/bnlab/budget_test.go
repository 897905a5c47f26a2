package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bnlab/blas/blastest"
)

// halvedStudy is a study of 4 groups, 10 epochs long, of which one trains to its end.
const halvedStudy = `base: {ns: 100, cycles: 1, batch: 20, train-size: 400, val: 100, test-size: 100, hidden: [20], precision: %s}
seeds: 2
experiments: [{vary: {lambda: [0.1, 0.01, 0.001, 0.0001]}}]
budget: {stop: successive-halving, rungs: [2, 5]}
`

// TestBudgetKilled: a study with a budget that is killed at random moments decides as one
// that is left alone, and ends with the same records; so it does when it trains side by
// side, and with one worker.
func TestBudgetKilled(t *testing.T) {
	cleanEnv(t)
	for i, precision := range []string{"f32", "f64"} {
		if precision == "f32" && blastest.Mixes() {
			continue
		}
		dir := t.TempDir()
		file, calm := filepath.Join(dir, "my.yaml"), filepath.Join(dir, "calm")
		if err := os.WriteFile(file, fmt.Appendf(nil, halvedStudy, precision), 0o666); err != nil {
			t.Fatal(err)
		}
		line := "study --dataset synthetic --quiet " + file + " --out "
		complete(t, line+calm)
		want := numbers(t, calm)
		for _, how := range []string{" --fuse off --workers 1", " --fuse 3"} {
			other := filepath.Join(t.TempDir(), "other")
			complete(t, line+other+how)
			if diff := cmp.Diff(want, numbers(t, other)); diff != "" {
				t.Errorf("%s,%s:\n%s", precision, how, diff)
			}
		}
		random, kills := rand.New(rand.NewPCG(1, uint64(i))), 0
		for runs := 0; kills < times(4, 20); runs++ {
			killed := filepath.Join(t.TempDir(), "killed")
			for done := false; !done; {
				cmd, _, stderr := process(t, line+killed)
				if done = killAfter(t, cmd, func() string { return fmt.Sprint(trialFiles(killed)) }, 1+random.IntN(12)); !done {
					kills++
				}
				if stderr.Len() > 0 {
					t.Errorf("kill %d: %s", kills, stderr)
				}
			}
			if diff := cmp.Diff(want, numbers(t, killed)); diff != "" {
				t.Errorf("%s: after %d kills:\n%s", precision, kills, diff)
			}
		}
		t.Logf("%s: %d kills", precision, kills)
	}
}

// numbers returns the records of a run folder and of its rungs, without what may differ.
func numbers(t *testing.T, dir string) map[string]string {
	all := records(t, dir)
	for path, text := range contents(t, dir) {
		if _, text, _ = strings.Cut(text, "\n"); strings.Contains(path, "/rung.") {
			all[path] = seconds.ReplaceAllString(text, "")
		}
	}
	return all
}

// trialFiles counts the files below the folders of trials.
func trialFiles(dir string) int {
	paths, _ := filepath.Glob(filepath.Join(dir, "trials", "*", "*"))
	return len(paths)
}
