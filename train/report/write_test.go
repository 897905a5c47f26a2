package report

import (
	"bytes"
	"encoding/json"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bnlab/train"
	"bnlab/train/experiment"
)

// files returns everything below dir by its path.
func files(t testing.TB, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		all[strings.TrimPrefix(path, dir)] = string(raw)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func write(t testing.TB, s *Study, dir string) {
	t.Helper()
	if err := s.Write(dir); err != nil {
		t.Fatal(err)
	}
}

// The same records give the same bytes, however often and however they are named.
func TestReportIsTheSameByteForByte(t *testing.T) {
	if testing.Short() {
		t.Skip("draws every figure twice")
	}
	dir := studyDir(t)
	one, two := t.TempDir(), t.TempDir()
	write(t, read(t, dir), one)
	t.Chdir(dir)
	write(t, read(t, "."), two)
	first, second := files(t, one), files(t, two)
	size := 0
	for name, content := range first {
		size += len(content)
		if content != second[name] {
			t.Errorf("%s differs", name)
		}
		if filepath.Ext(name) == ".png" {
			if img, err := png.Decode(strings.NewReader(content)); err != nil || img.Bounds().Dx() < 1000 {
				t.Errorf("%s: %v, or not wide enough", name, err)
			}
		}
	}
	if len(first) != len(second) || len(first) != 3+2*8 {
		t.Errorf("%d files, then %d", len(first), len(second))
	}
	if size > 3<<20 {
		t.Errorf("%d bytes in all, want less than 3 MB", size)
	}
}

func TestSummaryJSON(t *testing.T) {
	dir := studyDir(t)
	raw, err := read(t, dir).JSON()
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range regexp.MustCompile(`"([^"]*)": `).FindAllSubmatch(raw, -1) {
		if !regexp.MustCompile(`^[a-z0-9_]+$`).Match(key[1]) {
			t.Errorf("key %q is not snake_case", key[1])
		}
	}
	var s struct {
		Format int
		Claims []Claim
		Runs   []struct {
			Name, Stage string
			Backend     struct{ Core string }
			Groups      []struct{ N int }
			Trials      int
		}
	}
	if err := json.Unmarshal(raw, &s); err != nil {
		t.Fatal(err)
	}
	trials := 0
	for _, r := range s.Runs {
		trials += r.Trials
		if r.Backend.Core != backend.Core {
			t.Errorf("%s: core %q is not that of the records", r.Name, r.Backend.Core)
		}
	}
	if s.Format != Format || trials != 71 || len(s.Claims) != 14 || s.Runs[1].Stage != "coarse" {
		t.Errorf("format %d, %d trials, %d claims", s.Format, trials, len(s.Claims))
	}
}

// Every row of every table has as many cells as the header, in Markdown too.
func TestMarkdownTables(t *testing.T) {
	dir := studyDir(t)
	s := read(t, dir)
	for _, table := range s.Tables() {
		if len(table.Align) != len(table.Header) {
			t.Errorf("%s: %d columns are aligned as %q", table.Title, len(table.Header), table.Align)
		}
		for _, row := range table.Rows {
			if len(row) != len(table.Header) {
				t.Errorf("%s: %d cells below %d", table.Title, len(row), len(table.Header))
			}
		}
	}
	markdown, err := s.document(s.Charts()).markdown()
	if err != nil {
		t.Fatal(err)
	}
	text := string(markdown)
	for _, want := range []string{"| 3-layer BN | 3 | 0 | 0 |", "53.45 %", "10^−2.298", "![", "figures/lambda.svg"} {
		if !strings.Contains(text, want) {
			t.Errorf("tables.md is without %q", want)
		}
	}
	if got, want := escaped("a|b <c>\n`d`"), `a\|b &lt;c> 'd'`; got != want {
		t.Errorf("escaped: %q, want %q", got, want)
	}
}

// TestLambdaRows: the rows of a search are in the order of λ, whatever that of the draw.
func TestLambdaRows(t *testing.T) {
	s := read(t, studyDir(t))
	for _, r := range s.Runs {
		if r.Stage != "fine" {
			continue
		}
		lambda := map[string]float64{}
		for _, g := range r.Summary.Groups {
			lambda[g.Name] = g.Config.Lambda
		}
		last := 0.0
		for i, row := range groupTable(r, nil).Rows {
			if lambda[row[0]] <= last {
				t.Fatalf("row %d, of %s, comes after λ %g", i+1, row[0], last)
			}
			last = lambda[row[0]]
		}
		return
	}
	t.Error("no fine stage in the study")
}

const hostile = `</script><script>window.broken = true</script><img src=x onerror="window.broken = true">`

// writeHostile writes a run with a group whose name is markup.
func writeHostile(t testing.TB, dir string) {
	t.Helper()
	c := train.Default()
	writeRun(t, dir, "own", realData, []experiment.Trial{
		{ID: "a", Group: hostile, Config: c}, {ID: "b", Group: hostile + " BN", Config: c},
	})
}

// Text from a plan never ends the script or becomes an element.
func TestPageEscapesText(t *testing.T) {
	dir := t.TempDir()
	writeHostile(t, dir)
	s := read(t, dir)
	page, err := s.document(s.Charts()).page()
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(page, []byte("<script>window")) || bytes.Contains(page, []byte("<img src=x")) {
		t.Error("the name of a group is markup in the page")
	}
	if strings.Contains(string(pageJS), "innerHTML") || strings.Contains(string(pageJS), "insertAdjacentHTML") {
		t.Error("the script makes elements of text")
	}
	if n := bytes.Count(page, []byte("</script>")); n != 2 {
		t.Errorf("%d scripts end, want 2", n)
	}
}

func TestClaimCells(t *testing.T) {
	run := &Run{Name: "compare", Plan: &experiment.Plan{Dataset: realData}}
	accuracy := accuracyClaim(run, "3-layer", TestAccuracy, 0.529, experiment.SpreadOf([]float64{0.531, 0.533, 0.532}))
	one := accuracyClaim(run, "3-layer", TestAccuracy, 0.52, experiment.SpreadOf([]float64{0.53}))
	lambda := Claim{Run: "search/fine", Group: "lambda=0.004", Metric: BestLambda, Published: publishedLog10Lambda, N: 1, Ours: new(-2.4),
		Difference: new(-0.102), Low: new(-2.7), High: new(-2.0), Verdict: Agrees}
	s := &Study{Claims: []Claim{accuracy, one, lambda}}
	want := [][]string{
		{"3-layer", "test accuracy", "52.9 %", "53.20 ± 0.10 %", "yes", "3", "+0.30", "± 0.50", "compare"},
		{"3-layer", "test accuracy", "52 %", "53.00 %", "undecided ¹", "1", "+1.00", "–", "compare"},
		{"lambda=0.004", "best λ", "10^−2.298", "10^−2.400", "yes", "1", "−0.102", "10^−2.700 … 10^−2.000", "search/fine"},
	}
	table := s.ClaimTable()
	if diff := cmp.Diff(want, table.Rows); diff != "" {
		t.Error(diff)
	}
	if below := table.Below(); len(below) != 2 || below[0] != "¹ n = 1, no spread" || below[1] != table.Note {
		t.Errorf("below the table: %q", below)
	}
	if got := superscript(120); got != "¹²⁰" {
		t.Errorf("120 raised is %s", got)
	}
}

func TestConfigTable(t *testing.T) {
	dir := studyDir(t)
	table := configTable(read(t, dir).Runs)
	rows := map[string][]string{}
	for _, row := range table.Rows {
		rows[row[0]] = row[1:]
	}
	want := map[string][]string{
		"bn":      {"true · false", "true", "true", "true", "true · false"},
		"ns":      {"2250", "2250", "2250", "2250", "900"},
		"no_test": {"false", "true", "true", "false", "false"},
		"hidden":  {"[50, 50] · [50, 30, 20, 20, 10, 10, 10, 10]", "[50, 50]", "[50, 50]", "[50, 50]", "[50, 50]"},
	}
	for name, cells := range want {
		if diff := cmp.Diff(cells, rows[name]); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// A search draws its λ in no order: what is listed is their range.
func TestListed(t *testing.T) {
	for _, c := range []struct{ values, want string }{
		{"1 0.5", "1 · 0.5"},
		{"0.002 0.00001 0.03 1e-7 0.1", "1e-7 … 0.1 (5 values)"},
		{"10 9 8 7 6", "6 … 10 (5 values)"},
	} {
		if got := listed(strings.Fields(c.values)); got != c.want {
			t.Errorf("%s: %s, want %s", c.values, got, c.want)
		}
	}
}

// A backslash of the text takes no sign's escape away.
func TestMarkdownCell(t *testing.T) {
	for text, want := range map[string]string{`a|b`: `a\|b`, `a\|b`: `a\\\|b`, `<b>`: `&lt;b>`, "[x](y)": `[x]\(y)`} {
		if got := escaped(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
