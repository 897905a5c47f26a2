package report

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bnlab/train"
	"bnlab/train/experiment"
)

func read(t testing.TB, dirs ...string) *Study {
	t.Helper()
	s, err := Read(dirs)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestReadFindsRunsAtAnyDepth(t *testing.T) {
	dir := studyDir(t)
	want := []string{"compare", "search/coarse", "search/fine", "search/final", "sigma"}
	names := func(s *Study) []string { return namesOf(s.Runs, func(*Run) bool { return true }) }
	if diff := cmp.Diff(want, names(read(t, dir))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"compare"}, names(read(t, filepath.Join(dir, "compare")))); diff != "" {
		t.Error("a run folder itself:", diff)
	}
	twice := names(read(t, filepath.Join(dir, "search"), dir))
	if len(twice) != 5 {
		t.Errorf("a folder within another is read twice: %q", twice)
	}
}

func TestReadRefuses(t *testing.T) {
	dir := t.TempDir()
	bad := filepath.Join(dir, "bad")
	if err := os.MkdirAll(bad, 0o755); err != nil {
		t.Fatal(err)
	}
	empty := t.TempDir()
	if err := os.WriteFile(filepath.Join(bad, planFile), []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, where := range map[string]string{
		"no folder": filepath.Join(dir, "nowhere"), "no run": empty, "no plan": bad, "a file": filepath.Join(bad, planFile),
	} {
		_, err := Read([]string{where})
		if !errors.Is(err, experiment.ErrPlan) {
			t.Errorf("%s: %v, want an error about a plan", name, err)
			continue
		}
		if !strings.Contains(err.Error(), where) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %q is not one line that names %s", name, err, where)
		}
	}
}

// Reading must not move damaged records away as a run does: the files are the
// same afterwards.
func TestTrialsWithoutResultAreNamed(t *testing.T) {
	dir := t.TempDir()
	trials, err := experiment.Compare(train.Default(), []int{3}, 5)
	if err != nil {
		t.Fatal(err)
	}
	folder := writeRun(t, dir, "compare", realData, trials)
	path := func(i int) string { return filepath.Join(folder.TrialDir(trials[i]), "result.json") }
	if err := os.Remove(path(0)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path(1), []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	diverged, failed := madeUp(trials[2], realData), madeUp(trials[3], realData)
	diverged.Result.Diverged, diverged.Result.Final = true, nil
	failed.Error, failed.Result.Final = "panic: made up", nil
	save(t, folder, diverged)
	save(t, folder, failed)

	s := read(t, dir)
	all := strings.Join(s.Warnings, "\n")
	for i, word := range []string{"missing", "damaged", "diverged", "failed"} {
		line := lineWith(all, word)
		if !strings.Contains(line, trials[i].ID) {
			t.Errorf("%s: %q does not name %s", word, line, trials[i].ID)
		}
		if strings.Contains(line, dir) {
			t.Errorf("%s: %q holds the path, so the bytes depend on where the records lie", word, line)
		}
	}
	if g := s.Runs[0].Summary.Groups[0]; g.N != 1 || g.Diverged != 1 || g.Failed != 1 {
		t.Errorf("%s: n %d, diverged %d, failed %d, want 1 each", g.Name, g.N, g.Diverged, g.Failed)
	}
	if raw, err := os.ReadFile(path(1)); err != nil || string(raw) != "{" {
		t.Errorf("the damaged record was touched: %q, %v", raw, err)
	}
}

func lineWith(text, word string) string {
	for line := range strings.Lines(text) {
		if strings.Contains(line, word) {
			return line
		}
	}
	return ""
}

func TestWarningsOfDifferingRecords(t *testing.T) {
	changes := map[string]func(*experiment.Record){
		"backend":         func(r *experiment.Record) { r.Backend.Name = "gonum" },
		"core":            func(r *experiment.Record) { r.Backend.Core = "SkylakeX" },
		"BLAS threads":    func(r *experiment.Record) { r.Backend.Threads = 2 },
		"program version": func(r *experiment.Record) { r.Program = "older" },
	}
	for what, change := range changes {
		t.Run(what, func(t *testing.T) {
			dir := t.TempDir()
			trials, err := experiment.Compare(train.Default(), []int{3}, 2)
			if err != nil {
				t.Fatal(err)
			}
			folder := writeRun(t, dir, "compare", realData, trials)
			if w := read(t, dir).Warnings; len(w) > 0 {
				t.Fatalf("warnings about records that are alike: %q", w)
			}
			r := madeUp(trials[1], realData)
			change(&r)
			save(t, folder, r)
			warnings := read(t, dir).Warnings
			if !slices.ContainsFunc(warnings, func(w string) bool { return strings.Contains(w, "differ in "+what+":") }) {
				t.Errorf("no warning: %q", warnings)
			}
		})
	}
}

// TestSyntheticDataIsSaidLoudly: in the warnings and every figure, and no
// published figure stands beside those of other data.
func TestSyntheticDataIsSaidLoudly(t *testing.T) {
	dir := t.TempDir()
	writeStudy(t, dir, otherData)
	s := read(t, dir)
	if len(s.Warnings) == 0 || !strings.Contains(s.Warnings[0], "synthetic") {
		t.Errorf("no warning: %q", s.Warnings)
	}
	if len(s.Claims) > 0 {
		t.Errorf("claims on another data set: %+v", s.Claims)
	}
	for _, c := range s.Charts() {
		if c.Name != "schedule" && !strings.Contains(c.Subtitle, "SYNTHETIC") {
			t.Errorf("figure %s does not say that the data is synthetic: %q", c.Name, c.Subtitle)
		}
		if c.Name == "lambda" && len(c.Panels[0].Lines) > 0 {
			t.Errorf("a published λ of another data set: %+v", c.Panels[0].Lines)
		}
	}
}

// TestLambdaFigureOfOtherNetworks: the figure of a search names its networks, and
// shows the published λ for the study's alone.
func TestLambdaFigureOfOtherNetworks(t *testing.T) {
	const start = "Validation accuracy against λ, "
	for _, test := range []struct {
		hidden []int
		bn     bool
		title  string
		lines  int
	}{
		{[]int{50, 50}, true, start + "3-layer network with batch normalisation", 1},
		{[]int{100}, true, start + "2-layer network with batch normalisation", 0},
		{[]int{50, 50}, false, start + "3-layer network", 0},
	} {
		base, dir := train.Default(), t.TempDir()
		base.Hidden, base.BN = test.hidden, test.bn
		writeRun(t, dir, "lambdas", realData, experiment.Search(base, []float64{1e-3, 1e-2}, 1))
		c := read(t, dir).Charts()[0]
		if c.Title != test.title || len(c.Panels[0].Lines) != test.lines {
			t.Errorf("%v, BN %v: %q, %d lines", test.hidden, test.bn, c.Title, len(c.Panels[0].Lines))
		}
	}
}
