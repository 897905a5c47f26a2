package report

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bnlab/train"
	"bnlab/train/experiment"
)

// compared returns the trials of compare for n seeds from first on.
func compared(t *testing.T, base train.Config, layers []int, first uint64, n int) []experiment.Trial {
	t.Helper()
	base.Seed = first
	return depths(t, base, n, layers...)
}

// tablesOf returns the tables of a study as text.
func tablesOf(t *testing.T, s *Study) string {
	t.Helper()
	text, err := s.contents(s.Charts()).markdown()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestPooled: runs in several folders whose configurations agree are one, with the tables
// and figures of a folder that has all; a note says so.
func TestPooled(t *testing.T) {
	base, dir := train.Default(), t.TempDir()
	folder := func(name string, trials []experiment.Trial) string {
		writeRun(t, filepath.Join(dir, name), "compare", realData, trials)
		return filepath.Join(dir, name)
	}
	whole := folder("whole", compared(t, base, []int{3, 9}, 1, 5))
	few, more := folder("few/compare", compared(t, base, []int{3, 9}, 1, 2)), folder("more", compared(t, base, []int{3, 9}, 3, 3))
	deep := folder("deep", compared(t, base, []int{9}, 1, 3))
	want := read(t, whole)
	for _, dirs := range [][]string{{few, more}, {few, more, deep}, {few, deep, more}} {
		got := read(t, dirs...)
		if len(got.Runs) != 1 || len(got.Notes) != len(dirs)-1 || !strings.HasSuffix(got.Notes[0], " is pooled with "+few+": their configurations agree") {
			t.Fatalf("%d runs, notes %q", len(got.Runs), got.Notes)
		}
		if diff := cmp.Diff(tablesOf(t, want), tablesOf(t, got)); diff != "" {
			t.Errorf("tables of %v (-whole +pooled):\n%s", dirs, diff)
		}
		if diff := cmp.Diff(want.Runs[0].curves, got.Runs[0].curves); diff != "" {
			t.Errorf("curves of %v (-whole +pooled):\n%s", dirs, diff)
		}
		if diff := cmp.Diff(want.Warnings, got.Warnings); diff != "" {
			t.Errorf("warnings of %v (-whole +pooled):\n%s", dirs, diff)
		}
	}
}

// TestNotPooled: runs of unlike configurations, other data or searches stand side by side,
// as they are.
func TestNotPooled(t *testing.T) {
	base := train.Default()
	long := base
	long.NS *= 2
	trials := compared(t, base, []int{3}, 1, 2)
	for name, other := range map[string]func(dir string){
		"longer":     func(dir string) { writeRun(t, dir, "compare", realData, compared(t, long, []int{3}, 1, 2)) },
		"other nets": func(dir string) { writeRun(t, dir, "compare", realData, compared(t, base, []int{9}, 1, 2)) },
		"other data": func(dir string) { writeRun(t, dir, "compare", otherData, compared(t, base, []int{3}, 1, 2)) },
		"experiment": func(dir string) { writeRun(t, dir, "another", realData, compared(t, base, []int{3}, 1, 2)) },
	} {
		dir := t.TempDir()
		writeRun(t, filepath.Join(dir, "a"), "compare", realData, slices.Clone(trials))
		other(filepath.Join(dir, "b"))
		if s := read(t, dir); len(s.Runs) != 2 || len(s.Notes) > 0 || s.Runs[1].Name != "b" {
			t.Errorf("%s: %d runs, notes %q", name, len(s.Runs), s.Notes)
		}
	}
	dir := t.TempDir()
	for _, name := range []string{"a/coarse", "b/coarse"} {
		writeRun(t, filepath.Join(dir, name), "search", realData, lambdas(t, base, []float64{1e-3, 1e-2}, 1))
	}
	if s := read(t, dir); len(s.Runs) != 2 || len(searches(s.Runs)) != 2 {
		t.Errorf("two searches: %d runs", len(s.Runs))
	}
}

// TestPooledUnequal: of a trial with other numbers in a second folder the first counts,
// and the report warns of it.
func TestPooledUnequal(t *testing.T) {
	dir := t.TempDir()
	first, second := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	writeRun(t, first, "compare", realData, compared(t, train.Default(), []int{3}, 1, 2))
	folder := writeRun(t, second, "compare", realData, compared(t, train.Default(), []int{3}, 1, 2))
	r := madeUp(folder.Plan.Trials[1], realData)
	r.Result.Final.TestAcc += 0.25
	save(t, folder, r)
	want, got := read(t, first), read(t, first, second)
	if diff := cmp.Diff(want.Runs[0].Summary, got.Runs[0].Summary); diff != "" {
		t.Errorf("-first +pooled:\n%s", diff)
	}
	if !slices.ContainsFunc(got.Warnings, func(w string) bool {
		return strings.HasPrefix(w, "a: 1 trial of several folders with different numbers: 3-layer-bn-seed2 (final.test_acc is ")
	}) {
		t.Errorf("warnings %q", got.Warnings)
	}
}
