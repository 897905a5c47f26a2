package experiment

import (
	"encoding/csv"
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
	var out strings.Builder
	if err := WriteCSV(&out, plan, make([]Outcome, 1)); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(out.String())).ReadAll()
	if err != nil || len(rows) != 2 {
		t.Fatalf("%v, error %v", rows, err)
	}
	got := map[string]string{}
	for i, name := range rows[0] {
		got[name] = rows[1][i]
	}
	for name, want := range map[string]string{"trial": "'-1+cmd", "group": `'=HYPERLINK("http://x","y")`, "sigma": "-1", "init": string(config.Init)} {
		if got[name] != want {
			t.Errorf("%s: %q, want %q", name, got[name], want)
		}
	}
}
