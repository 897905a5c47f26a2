package report

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bnlab/model"
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
	names := func(s *Study) (names []string) {
		for _, r := range s.Runs {
			names = append(names, r.Name)
		}
		return names
	}
	if diff := cmp.Diff(want, names(read(t, dir))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"compare"}, names(read(t, filepath.Join(dir, "compare")))); diff != "" {
		t.Error("a run folder itself:", diff)
	}
	want = []string{"search/coarse", "search/fine", "search/final", "sigma"}
	for _, spelt := range []string{"/search", "/search/", "/./search", "/sigma/../search"} {
		if diff := cmp.Diff(want, names(read(t, dir+spelt, filepath.Join(dir, "sigma")))); diff != "" {
			t.Errorf("several folders, one as %s: %s", spelt, diff)
		}
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
	trials := depths(t, train.Default(), 5, 3)
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
	if line := lineWith(all, "diverged"); !strings.Contains(line, "the cause is the learning rate, too high") {
		t.Errorf("%q does not tell the cause", line)
	}
	if r := s.Runs[0]; r.Records != len(trials)-2 || len(r.Summary.Missing) != 1 || len(r.Damaged) != 1 {
		t.Errorf("%d sound records, %q missing, %q damaged", r.Records, r.Summary.Missing, r.Damaged)
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
		"kernel":          func(r *experiment.Record) { r.Backend.Core = "SkylakeX" },
		"BLAS threads":    func(r *experiment.Record) { r.Backend.Threads = 2 },
		"program version": func(r *experiment.Record) { r.Program = "older" },
	}
	for what, change := range changes {
		t.Run(what, func(t *testing.T) {
			dir := t.TempDir()
			trials := depths(t, train.Default(), 2, 3)
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

// TestOtherDataIsSaidLoudly: of a synthetic set, and of altered images or labels that
// an earlier program recorded by the name of the original: in the warnings, every
// table, figure and the page, and no published figure stands beside those of other data.
func TestOtherDataIsSaidLoudly(t *testing.T) {
	altered := experiment.DatasetOf(experiment.Original, "0"+experiment.OriginalDigest[1:])
	for title, write := range map[string]func(dir string){
		"CIFAR-10, altered": func(dir string) {
			writeStudy(t, dir, altered)
			plan := filepath.Join(dir, "compare", planFile)
			text, err := os.ReadFile(plan)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(plan, bytes.Replace(text, []byte(experiment.Altered), []byte(experiment.Original), 1), 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"SYNTHETIC set, not CIFAR-10": func(dir string) {
			writeRun(t, filepath.Join(dir, "lambda"), "lambdas", otherData, lambdas(t, train.Default(), []float64{1e-3, 1e-2}, 2))
		},
	} {
		dir := t.TempDir()
		write(dir)
		s := read(t, dir)
		s.Gradients = &experiment.GradientRecord{Origin: experiment.Origin{Dataset: s.Runs[0].Plan.Dataset}}
		s.Gradients.Add(experiment.NetCheck{Depth: 2, BN: true, Tensors: []model.TensorCheck{{Layer: 1, Name: model.Weight, Checked: 1, Of: 1}}})
		if len(s.Warnings) == 0 || !strings.Contains(s.Warnings[0], title) {
			t.Errorf("no warning: %q", s.Warnings)
		}
		if len(s.Claims) > 0 {
			t.Errorf("claims on another data set: %+v", s.Claims)
		}
		charts := s.Charts()
		for _, c := range charts {
			if c.Name != "schedule" && !strings.Contains(c.Subtitle, title) {
				t.Errorf("figure %s does not say what its data are: %q", c.Name, c.Subtitle)
			}
			if c.Name == "lambda" && len(c.Panels[0].Lines) > 0 {
				t.Errorf("a published λ of another data set: %+v", c.Panels[0].Lines)
			}
		}
		for _, table := range s.Tables() {
			if text := fmt.Sprint(table.Note, table.Rows); table.Title != "Configuration" && !strings.Contains(text, title) {
				t.Errorf("table %s does not say what its data are: %s", table.Title, text)
			}
			for _, row := range table.Rows {
				if at := slices.Index(table.Header, "published"); at >= 0 && row[at] != "–" {
					t.Errorf("table %s has a published figure of another data set: %q", table.Title, row)
				}
			}
		}
		if page, err := s.contents(charts).page(); err != nil || !strings.Contains(string(page), title) {
			t.Errorf("the page does not say what its data are: %v", err)
		}
		if text, err := s.JSON(); err != nil || strings.Contains(string(text), `"published": {`) || strings.Contains(string(text), `"name": "cifar10"`) {
			t.Errorf("summary of another data set with published figures, or by the name of the original: %v", err)
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
		writeRun(t, dir, "lambdas", realData, lambdas(t, base, []float64{1e-3, 1e-2}, 1))
		c := read(t, dir).Charts()[0]
		if c.Title != test.title || len(c.Panels[0].Lines) != test.lines {
			t.Errorf("%v, BN %v: %q, %d lines", test.hidden, test.bn, c.Title, len(c.Panels[0].Lines))
		}
	}
}

// TestFinalStageAlone: the final networks of a search have a report of their own.
func TestFinalStageAlone(t *testing.T) {
	s := read(t, filepath.Join(studyDir(t), "search", "final"))
	if charts := s.Charts(); len(charts) != 1 || len(s.Claims) != 0 || len(s.Tables()) != 3 {
		t.Errorf("%d figures, %d claims, %d tables", len(charts), len(s.Claims), len(s.Tables()))
	}
}
