package report

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"bnlab/train"
	"bnlab/train/experiment"
)

// Table is a table as text, for Markdown and the page alike.
type Table struct {
	Title  string
	Align  string // l or r for each column
	Header []string
	Rows   [][]string
	Note   string // below it

	Remarks []string // that cells refer to by a raised number, from ¹ on
}

// mark returns the raised number of a remark, behind a space; nothing for none.
func (t *Table) mark(remark string) string {
	if remark == "" {
		return ""
	}
	at := slices.Index(t.Remarks, remark)
	if at < 0 {
		at = len(t.Remarks)
		t.Remarks = append(t.Remarks, remark)
	}
	return " " + superscript(at+1)
}

// Below returns the text below the table: its remarks, a line each, and its note.
func (t Table) Below() (lines []string) {
	for i, remark := range t.Remarks {
		lines = append(lines, superscript(i+1)+" "+remark)
	}
	if t.Note != "" {
		lines = append(lines, t.Note)
	}
	return lines
}

// superscripts are the digits from 0 on, raised.
var superscripts = []rune("⁰¹²³⁴⁵⁶⁷⁸⁹")

// superscript writes n ≥ 0 in raised digits.
func superscript(n int) string {
	return strings.Map(func(digit rune) rune { return superscripts[digit-'0'] }, fmt.Sprint(n))
}

// align returns l for the first columns and r for the rest of n.
func align(left, n int) string { return strings.Repeat("l", left) + strings.Repeat("r", n-left) }

// Tables returns the published figures beside ours, a table for each run, one of the
// gradient check, one of the configurations and one of the origin of the records.
func (s *Study) Tables() []Table {
	var all []Table
	if len(s.Claims) > 0 {
		all = append(all, s.ClaimTable())
	}
	for _, r := range s.Runs {
		all = append(all, groupTable(r, s.Claims))
	}
	if s.Gradients != nil {
		all = append(all, gradientTable(s.Gradients))
	}
	return append(all, configTable(s.Runs), originTable(s.Runs))
}

// groupTable is the results of one run, with the claims that belong to them.
func groupTable(r *Run, claims []Claim) Table {
	t := Table{
		Title:  "Experiment " + r.Name,
		Align:  "lrrrrrrrrrl",
		Header: []string{"group", "n", "diverged", "failed", "test accuracy", "val accuracy", "train loss", "val loss", "published", "difference", "agrees?"},
	}
	groups := slices.Clone(r.Summary.Groups)
	if isLambda(r) {
		slices.SortStableFunc(groups, func(a, b experiment.Group) int { return cmp.Compare(a.Config.Lambda, b.Config.Lambda) })
	}
	for _, g := range groups {
		published, difference, agrees := "–", "–", "–"
		at := slices.IndexFunc(claims, func(c Claim) bool {
			return c.Run == r.Name && c.Group == g.Name && c.Metric == TestAccuracy
		})
		if at >= 0 {
			c := claims[at]
			published, difference, agrees = c.publishedText(), c.difference(), c.verdictText()+t.mark(c.Note)
		}
		t.Rows = append(t.Rows, []string{
			g.Name, fmt.Sprint(g.N), fmt.Sprint(g.Diverged), fmt.Sprint(g.Failed),
			g.TestAcc.Percent(), g.ValAcc.Percent(), g.TrainLoss.Number(), g.ValLoss.Number(),
			published, difference, agrees,
		})
	}
	notes := []string{"Mean ± standard deviation over n trials. Published and difference are of test accuracy, the difference in points."}
	if len(r.Summary.Groups) == 0 {
		notes = []string{"No trial has a record yet."}
	}
	if r.otherData() {
		notes = append(notes, r.Plan.Dataset.Title()+".")
	}
	t.Note = strings.Join(notes, " ")
	return t
}

// configTable has a column for each run and says what its trials have in common
// and in what they differ.
func configTable(runs []*Run) Table {
	t := Table{Title: "Configuration", Header: []string{"setting"}}
	for _, r := range runs {
		t.Header = append(t.Header, r.Name)
	}
	for _, field := range fieldsOf(runs[0].Plan.Trials[0].Config) {
		t.Rows = append(t.Rows, []string{field.name})
	}
	for _, r := range runs {
		for i, values := range settingsOf(r.Plan.Trials) {
			t.Rows[i] = append(t.Rows[i], listed(values))
		}
	}
	t.Align = align(len(t.Header), len(t.Header))
	return t
}

// settingsOf returns the values that each setting has in the trials, in the order
// in which they turn up.
func settingsOf(trials []experiment.Trial) (all [][]string) {
	var seen []map[string]bool
	for _, trial := range trials {
		for i, f := range fieldsOf(trial.Config) {
			if i == len(all) {
				all, seen = append(all, nil), append(seen, map[string]bool{})
			}
			if !seen[i][f.value] {
				seen[i][f.value] = true
				all[i] = append(all[i], f.value)
			}
		}
	}
	return all
}

type field struct{ name, value string }

// fieldsOf returns the settings of c in their order, under their JSON names.
func fieldsOf(c train.Config) []field {
	text, err := json.Marshal(c)
	if err != nil {
		panic("report: configuration that cannot be written: " + err.Error())
	}
	var fields []field
	d := json.NewDecoder(bytes.NewReader(text))
	for d.Token(); d.More(); { // the opening brace, then name and value in turn
		name, _ := d.Token()
		var value json.RawMessage
		if d.Decode(&value) != nil {
			break
		}
		fields = append(fields, field{fmt.Sprint(name), strings.Trim(strings.ReplaceAll(string(value), ",", ", "), `"`)})
	}
	return fields
}

// listed writes values, of many only the smallest and the largest.
func listed(values []string) string {
	if len(values) <= 4 {
		return strings.Join(values, " · ")
	}
	number := func(s string) float64 { x, _ := strconv.ParseFloat(s, 64); return x }
	sorted := slices.SortedStableFunc(slices.Values(values), func(a, b string) int { return cmp.Compare(number(a), number(b)) })
	return fmt.Sprintf("%s … %s (%d values)", sorted[0], sorted[len(sorted)-1], len(sorted))
}

// originTable says what the records of each run were made with.
func originTable(runs []*Run) Table {
	t := Table{Title: "Origin of the records", Header: []string{
		"experiment", "data set", "digest", "trials", "with a record", "backend", "kernel", "BLAS threads", "side by side", "program", "training s", "evaluation s"}}
	for _, r := range runs {
		row := []string{r.Name, r.Plan.Dataset.Title(), fmt.Sprintf("%.12s", r.Plan.Dataset.Digest), fmt.Sprint(len(r.Plan.Trials)), fmt.Sprint(len(r.Records))}
		for _, name := range []string{"backend", "kernel", "BLAS threads", "trials side by side", "program version"} {
			row = append(row, listed(r.Summary.Properties.Texts(name)))
		}
		t.Rows = append(t.Rows, append(row, fmt.Sprintf("%.1f", r.Summary.TrainSeconds), fmt.Sprintf("%.1f", r.Summary.EvalSeconds)))
	}
	t.Align = "lllrrllrrlrr"
	t.Note = "Seconds are summed over the trials."
	return t
}

func minus(s string) string { return strings.Replace(s, "-", "−", 1) }
