package experiment

import (
	"bytes"
	"path/filepath"
	"testing"
)

// TestSearchLeavesTestSet: λ is chosen on the validation set alone. Trials that
// search do not read a test image, and their records have no test metrics.
func TestSearchLeavesTestSet(t *testing.T) {
	c := small()
	c.NoTest = true
	f := create(t, t.TempDir(), planOf(ofLambdas(c, []float64{0.001, 0.01}, 2), 4))
	r := runner(t, f)
	r.Data = sets{onTest: func() { t.Error("a test image is read") }}.data()
	s := Summarize(f.Plan, runAll(t, r, f.Plan))
	for _, g := range s.Groups {
		if g.TestAcc.Values != nil || len(g.ValAcc.Values) != 2 {
			t.Errorf("%s: %+v", g.Name, g)
		}
	}
	for _, trial := range f.Plan.Trials {
		if text := read(t, filepath.Join(f.TrialDir(trial), resultFile)); bytes.Contains(text, []byte("test_acc")) {
			t.Errorf("%s has test metrics", trial.ID)
		}
	}
}
