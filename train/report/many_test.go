package report

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"bnlab/train"
	"bnlab/train/experiment"
)

// TestManyKinds: of very many kinds of networks the report has, and keeps, loss curves
// of the first, each with and without batch normalisation, and says so.
func TestManyKinds(t *testing.T) {
	var sigmas []float64
	for i := range maxLossCharts + 2 {
		sigmas = append(sigmas, float64(i+1))
	}
	dir := t.TempDir()
	writeRun(t, dir, "sigma", realData, experiment.Sigma(train.Default(), sigmas, 1))
	s, err := Read([]string{dir})
	if err != nil {
		t.Fatal(err)
	}
	curves := 0
	for _, c := range s.Charts() {
		if strings.HasPrefix(c.Name, "loss-") {
			curves++
			if want := fmt.Sprintf("loss-sigma-%d", curves); c.Name != want || len(c.Panels) != 2 || len(c.Panels[1].Series[0].Points) != 21 {
				t.Errorf("figure %s, want %s, with two panels", c.Name, want)
			}
		}
	}
	says := fmt.Sprintf("sigma: there are loss curves of the first %d of %d kinds of networks alone; the tables have all.", maxLossCharts, maxLossCharts+2)
	if kept := len(s.Runs[0].losses); kept != maxLossCharts {
		t.Errorf("curves of %d kinds are kept", kept)
	}
	if curves != maxLossCharts || !slices.Contains(s.Warnings, says) {
		t.Errorf("%d figures, warnings %q", curves, s.Warnings)
	}
}

// TestSettings: each value of a setting once, in the order in which it turns up.
func TestSettings(t *testing.T) {
	trials := slices.Concat(experiment.Search(train.Default(), []float64{3, 1, 2}, 2), experiment.Search(train.Default(), []float64{1, 4}, 3))
	trials[4].Config.NoTest = true
	settings := settingsOf(trials)
	alone := settingsOf(trials[:1])
	for i, row := range configTable([]*Run{{Plan: &experiment.Plan{Trials: trials}}}).Rows {
		want := map[string][]string{"lambda": {"3", "1", "2", "4"}, "seed": {"1", "2", "3"}, "no_test": {"false", "true"}}[row[0]]
		if want == nil {
			want = alone[i]
		}
		if !slices.Equal(settings[i], want) {
			t.Errorf("%s: %q, want %q", row[0], settings[i], want)
		}
	}
}
