package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The report of a run is made of its records alone: the same again without the
// data, with a damaged record named and left where it is.
func TestReport(t *testing.T) {
	cleanEnv(t)
	dir := filepath.Join(t.TempDir(), "run")
	want(t, exitDone, small("compare --depth 3 --seeds 2 --quiet --out", dir)...)

	r := want(t, exitDone, "report", dir)
	page := filepath.Join(dir, "report", "index.html")
	if !strings.Contains(r.stderr, page) || !strings.Contains(r.stderr, "SYNTHETIC set") {
		t.Errorf("stderr is without the page or a warning: %q", r.stderr)
	}
	for _, name := range []string{"index.html", "summary.json", "tables.md", "figures/loss-3-layer.svg", "figures/loss-3-layer.png"} {
		if info, err := os.Stat(filepath.Join(dir, "report", name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	first, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	var summary struct{ Runs []struct{ Trials int } }
	want(t, exitDone, "report", "--json", dir).decode(t, &summary)
	if len(summary.Runs) != 1 || summary.Runs[0].Trials != 4 {
		t.Errorf("summary: %+v", summary)
	}
	if second, err := os.ReadFile(page); err != nil || string(second) != string(first) {
		t.Errorf("the second report differs (%v)", err)
	}

	record := filepath.Join(dir, "trials", "3-layer-seed2", "result.json")
	if err := os.WriteFile(record, []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	if r := want(t, exitDone, "report", dir); !strings.Contains(r.stderr, "3-layer-seed2") {
		t.Errorf("the damaged record is not named: %q", r.stderr)
	}
	if _, err := os.Stat(record); err != nil {
		t.Error("the damaged record was moved:", err)
	}
}

func TestReportRefuses(t *testing.T) {
	cleanEnv(t)
	empty := t.TempDir()
	for name, args := range map[string][]string{
		"no folder":           {},
		"no run in it":        {empty},
		"no such folder":      {filepath.Join(empty, "nowhere")},
		"two, and no --out":   {empty, empty},
		"a flag behind":       {empty, "--json"},
		"a run and an --out=": {"--out", filepath.Join(empty, "out"), empty},
	} {
		r := want(t, exitUsage, append([]string{"report"}, args...)...)
		if r.stdout != "" || strings.Count(r.stderr, "\n") != 1 {
			t.Errorf("%s: stdout %q, stderr %q; want one line on stderr", name, r.stdout, r.stderr)
		}
	}
	if left, err := os.ReadDir(empty); err != nil || len(left) > 0 {
		t.Errorf("something was written: %v, %v", left, err)
	}
}
