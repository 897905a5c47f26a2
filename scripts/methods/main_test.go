package main

import (
	"os"
	"testing"
)

// TestTable: the table in the page is what the code and the records make.
func TestTable(t *testing.T) {
	t.Chdir("../..")
	var r Records
	if err := readJSON(records, &r); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if want, err := insert(string(text), r); err != nil || want != string(text) {
		t.Errorf("%v; go run ./scripts/methods makes another table", err)
	}
	for _, s := range settings()[1:] {
		if _, ok := r.Cost[s.Name]; !ok {
			t.Errorf("%s: no cost was measured", s.Name)
		}
		if e := r.Effect[s.Name]; e.N < 5 {
			t.Errorf("%s: trained with %d seeds", s.Name, e.N)
		}
	}
}
