package results

import (
	"bytes"
	"strings"
	"testing"

	"bnlab/model"
	"bnlab/train"
	"bnlab/train/experiment"
)

// TestNetCheckNote: a tensor that holds by the absolute limit alone says so.
func TestNetCheckNote(t *testing.T) {
	for _, relErr := range []float64{1e-9, 1e-4} {
		var w bytes.Buffer
		PrintNetCheck(&w, "CIFAR-10", train.Default(), experiment.NetCheck{Depth: 2, BN: true, OK: true, Tensors: []model.TensorCheck{
			{Layer: 1, Name: model.Weight, Checked: 1, Of: 1, RelErr: 1e-9, MaxAbsDiff: 1e-11, OK: true},
			{Layer: 1, Name: model.Bias, Checked: 1, Of: 1, RelErr: relErr, MaxAbsDiff: 1e-11, OK: true},
		}})
		want := 0
		if relErr > model.MaxRelErr {
			want = 1
		}
		if got := strings.Count(w.String(), "* ok"); got != want || strings.Count(w.String(), "\n* by the absolute limit of 1.5e-08: ") != want {
			t.Errorf("relative error %g: %d marks, want %d:\n%s", relErr, got, want, &w)
		}
	}
}
