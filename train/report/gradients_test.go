package report

import (
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

// withGradients writes a run and the check of two networks, of which the second's γ
// of layer 2 has the given error.
func withGradients(t *testing.T, relErr float64, ok bool) string {
	t.Helper()
	dir := t.TempDir()
	writeRun(t, filepath.Join(dir, "run"), "lambdas", realData, lambdas(t, train.Default(), []float64{1e-3}, 1))
	r := experiment.GradientRecord{Format: experiment.Format, Origin: experiment.Origin{Program: "test", Dataset: realData, Backend: backend}}
	for _, depth := range []int{2, 3} {
		n := experiment.NetCheck{Depth: depth, BN: true, OK: true}
		for layer := 1; layer < depth; layer++ {
			for _, kind := range []model.Kind{model.Weight, model.Bias, model.Gamma, model.Beta} {
				n.Tensors = append(n.Tensors, model.TensorCheck{Layer: layer, Name: kind, Checked: 10, Of: 50, RelErr: 1e-9, MaxAbsDiff: 2e-11, OK: true})
			}
		}
		n.Tensors = append(n.Tensors, model.TensorCheck{Layer: depth, Name: model.Bias, Checked: 10, Of: 50, RelErr: 3e-10, MaxAbsDiff: 2e-11, OK: true})
		if depth == 3 {
			at := slices.IndexFunc(n.Tensors, func(c model.TensorCheck) bool { return c.Layer == 2 && c.Name == model.Gamma })
			n.Tensors[at].RelErr, n.Tensors[at].OK, n.OK = relErr, ok, ok
		}
		r.Add(n)
	}
	if err := r.Keep(dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestGradientTable(t *testing.T) {
	s := read(t, withGradients(t, 7e-9, true))
	tables := s.Tables()
	at := slices.IndexFunc(tables, func(t Table) bool { return t.Title == "Gradient check" })
	if at < 0 {
		t.Fatal("no table")
	}
	got := tables[at]
	want := [][]string{
		{"W", "30", "150", "1.0e-9", "2.2e-9", "2.0e-11", "yes"},
		{"b under BN", "30", "150", "1.0e-9", "2.2e-5 ¹", "2.0e-11", "yes"},
		{"b", "20", "100", "3.0e-10", "4.9e-10", "2.0e-11", "yes"},
		{"gamma", "30", "150", "7.0e-9", "1.8e-9", "2.0e-11", "yes"},
		{"beta", "30", "150", "1.0e-9", "2.1e-9", "2.0e-11", "yes"},
	}
	if diff := cmp.Diff(want, got.Rows); diff != "" {
		t.Errorf("want − got +\n%s", diff)
	}
	if !strings.Contains(got.Note, "2-layer network with batch normalisation, 3-layer network") || len(got.Remarks) != 1 {
		t.Errorf("below: %q", got.Below())
	}
}

func TestGradientWarnings(t *testing.T) {
	warned := func(dir, word string) {
		t.Helper()
		if s := read(t, dir); len(s.Warnings) == 0 || !strings.Contains(s.Warnings[0], word) {
			t.Errorf("warnings %q, want %q first", s.Warnings, word)
		}
	}
	dir := withGradients(t, 0.1, false)
	warned(dir, "gradient check failed")
	if err := os.WriteFile(filepath.Join(dir, "gradcheck.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	warned(dir, "damaged")
}
