package report

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bnlab/train"
	"bnlab/train/experiment"
)

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
	markdown, err := s.contents(s.Charts()).markdown()
	if err != nil {
		t.Fatal(err)
	}
	text := string(markdown)
	for _, want := range []string{"| 3-layer BN | 3 | 0 | 0 |", "53.45 %", "10^−2.298", "![", "figures/lambda.svg"} {
		if !strings.Contains(text, want) {
			t.Errorf("tables.md is without %q", want)
		}
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
		"bn":     {"true · false", "true", "true", "true", "true · false"},
		"ns":     {"2250", "2250", "2250", "2250", "900"},
		"hidden": {"[50, 50] · [50, 30, 20, 20, 10, 10, 10, 10]", "[50, 50]", "[50, 50]", "[50, 50]", "[50, 50]"},
	}
	for name, cells := range want {
		if diff := cmp.Diff(cells, rows[name]); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if rows["eta-max"] == nil || rows["no-test"] != nil || rows["no_test"] != nil {
		t.Error("settings are not what flags set")
	}
}

// TestSettings: each value of a setting once, in order of appearance.
func TestSettings(t *testing.T) {
	trials := slices.Concat(lambdas(t, train.Default(), []float64{3, 1, 2}, 2), lambdas(t, train.Default(), []float64{1, 4}, 3))
	for _, row := range configTable([]*Run{{Name: "x", Plan: &experiment.Plan{Trials: trials}}}).Rows {
		want := map[string]string{"lambda": "3 · 1 · 2 · 4", "seed": "1 · 2 · 3", "hidden": "[50, 50]", "bn": "false"}[row[0]]
		if want != "" && row[1] != want {
			t.Errorf("%s: %q, want %q", row[0], row[1], want)
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

// "trials" are those of the plan, "with a record" those that have one.
func TestOriginCountsTrialsAndRecords(t *testing.T) {
	trials := make([]experiment.Trial, 5)
	r := &Run{Name: "x", Plan: &experiment.Plan{Trials: trials}, Records: 2}
	table := originTable([]*Run{r})
	for column, want := range map[string]string{"trials": "5", "with a record": "2"} {
		for i, header := range table.Header {
			if header == column && table.Rows[0][i] != want {
				t.Errorf("%s: %s, want %s", column, table.Rows[0][i], want)
			}
		}
	}
	if !strings.Contains(strings.Join(table.Header, ","), "trials,with a record") {
		t.Errorf("columns %q", table.Header)
	}
}

// A backslash of the text takes no sign's escape away.
func TestMarkdownCell(t *testing.T) {
	for text, want := range map[string]string{`a|b`: `a\|b`, `a\|b`: `a\\\|b`, `<b>`: `&lt;b>`, "[x](y)": `[x]\(y)`, "<c>\n`d`": "&lt;c> 'd'"} {
		if got := escaped(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// The table of a run has the claims of that run, and of no other with a group of the
// same name.
func TestTableOfRunHasItsClaims(t *testing.T) {
	s := read(t, studyDir(t))
	for _, r := range s.Runs {
		shown := 0
		table := groupTable(r, s.Claims)
		at := slices.Index(table.Header, "published")
		for _, row := range table.Rows {
			if at >= 0 && row[at] != "–" {
				shown++
			}
		}
		want := 0
		for _, c := range s.Claims {
			if c.Run == r.Name && c.Metric == TestAccuracy {
				want++
			}
		}
		if shown != want {
			t.Errorf("%s: %d published figures, want %d", r.Name, shown, want)
		}
		if header := groupTable(r, []Claim{{Run: "another", Group: r.Summary.Groups[0].Name, Metric: TestAccuracy}}).Header; slices.Contains(header, "published") {
			t.Errorf("%s: a claim of another run: %q", r.Name, header)
		}
	}
}

// TestPausedGroup: a group that a budget has stopped has no result in the table but where
// it was stopped.
func TestPausedGroup(t *testing.T) {
	stopped := experiment.Group{Name: "stopped", Paused: &experiment.Paused{N: 2, Epochs: 2, ValAcc: experiment.SpreadOf([]float64{0.3, 0.32})}}
	r := &Run{Name: "x", Plan: &experiment.Plan{Trials: []experiment.Trial{{Group: "stopped"}}}, Summary: experiment.Summary{Groups: []experiment.Group{stopped}}}
	row := groupTable(r, nil).Rows[0]
	if want := "stopped 0 0 0 – paused after 2 epochs, 31.00 ± 1.41 % there – –"; strings.Join(row, " ") != want {
		t.Errorf("row %q, want %q", row, want)
	}
}
