package report

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bnlab/train/report/figure"
)

// TestZip: an archive holds the files of the report, byte for byte, and is the same each
// time.
func TestZip(t *testing.T) {
	dir, out := t.TempDir(), t.TempDir()
	askedRun(t, dir, "base: {ns: 450}\nexperiments:\n- name: own\n  vary: {bn: [true, false]}", all)
	s := read(t, dir)
	s.Again = func(studies []Asked) []string { return []string{studies[0].File, studies[0].Dataset, "and again"} }
	if err := s.Write(out); err != nil {
		t.Fatal(err)
	}
	packed, err := s.Zip()
	if err != nil {
		t.Fatal(err)
	}
	again, err := s.Zip()
	if err != nil || !bytes.Equal(packed, again) {
		t.Errorf("another archive of the same records, error %v", err)
	}
	archive, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, f := range archive.File {
		names[f.Name] = true
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(r)
		want, errWant := os.ReadFile(filepath.Join(out, f.Name))
		if err != nil || errWant != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: errors %v and %v, or other bytes than the report's", f.Name, err, errWant)
		}
	}
	for _, name := range []string{"index.html", "summary.json", "tables.md", "records.csv", "study.yaml", "figures/loss.svg", "figures/loss.png", "figures/loss.csv"} {
		if !names[name] {
			t.Errorf("no %s", name)
		}
	}
	page, err := os.ReadFile(filepath.Join(out, "index.html"))
	if err != nil || !strings.Contains(string(page), "<pre>study.yaml\ncifar10\nand again</pre>") {
		t.Errorf("error %v, or the page does not say how to repeat it", err)
	}
}

// TestPointsCSV: names that a spreadsheet would take for formulas stay text.
func TestPointsCSV(t *testing.T) {
	c := figure.Chart{X: figure.Axis{Name: "x"}, Y: figure.Axis{Name: "y", Unit: " %", Digits: 1}, Panels: []figure.Panel{
		{Title: "=1+1", Series: []figure.Series{{Name: "a, b", Points: []figure.Point{{X: 1, Y: 2, High: 3, N: 4}}}}}}}
	got, err := pointsCSV(c)
	if want := "panel,series,x,y %,std,n\n'=1+1,\"a, b\",1,2.0,1.0,4\n"; string(got) != want || err != nil {
		t.Errorf("error %v, got %q, want %q", err, got, want)
	}
}
