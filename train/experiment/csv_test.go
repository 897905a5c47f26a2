package experiment

import (
	"encoding/csv"
	"reflect"
	"strings"
	"testing"

	"bnlab/train"
)

// No text of a foreign plan is a formula in a spreadsheet, and numbers stay numbers,
// even negative ones.
func TestCSVFormulas(t *testing.T) {
	config := train.Default()
	config.Sigma = -1
	plan := &Plan{Trials: []Trial{{ID: "-1+cmd", Group: `=HYPERLINK("http://x","y")`, Config: config}}}
	got := csvRows(t, plan)[0]
	for name, want := range map[string]string{"trial": "'-1+cmd", "group": `'=HYPERLINK("http://x","y")`, "sigma": "-1", "init": string(config.Init)} {
		if got[name] != want {
			t.Errorf("%s: %q, want %q", name, got[name], want)
		}
	}
}

// Every field of a configuration that has a meaning for people is a column; a list is one.
func TestCSVFields(t *testing.T) {
	c := train.Default()
	c.Hidden = []int{50, 30}
	plan := &Plan{Experiment: "rate", Trials: []Trial{{ID: "a", Group: "a", Config: c}}}
	other := &Plan{Experiment: "depth", Trials: []Trial{{ID: "b", Group: "b", Config: train.Default()}}}
	rows := csvRows(t, plan, other)
	for _, f := range reflect.VisibleFields(reflect.TypeFor[train.Config]()) {
		if _, ok := rows[0][f.Tag.Get("json")]; !ok && f.Tag.Get("help") != "" {
			t.Errorf("%s is no column", f.Tag.Get("json"))
		}
	}
	if len(rows) != 2 || rows[0]["hidden"] != "50 30" || rows[0]["eta_max"] != "0.1" || rows[0]["experiment"] != "rate" || rows[1]["trial"] != "b" {
		t.Errorf("rows %v", rows)
	}
}

// csvRows returns the rows of plans without outcomes, by column.
func csvRows(t *testing.T, plans ...*Plan) (rows []map[string]string) {
	t.Helper()
	var out strings.Builder
	table := NewCSV(&out)
	for _, p := range plans {
		table.Write(p, make([]Outcome, len(p.Trials)))
	}
	if err := table.Flush(); err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(strings.NewReader(out.String())).ReadAll()
	if err != nil || len(lines) < 2 {
		t.Fatalf("%v, error %v", lines, err)
	}
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, name := range lines[0] {
			row[name] = line[i]
		}
		rows = append(rows, row)
	}
	return rows
}
