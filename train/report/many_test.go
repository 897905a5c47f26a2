package report

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"bnlab/train"
	"bnlab/train/experiment"
)

// TestManyKinds: of very many kinds of networks the report has loss curves of the
// first, each with and without batch normalisation, and says so; no record keeps
// its curve.
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
	if curves != maxLossCharts || !slices.Contains(s.Warnings, says) {
		t.Errorf("%d figures, warnings %q", curves, s.Warnings)
	}
	if at := slices.IndexFunc(s.Runs[0].Records, func(r experiment.Record) bool { return r.Curve != nil }); at >= 0 {
		t.Errorf("record %d holds its curve", at)
	}
}

// TestSettings: each value of a setting once, in the order in which it turns up.
func TestSettings(t *testing.T) {
	trials := slices.Concat(experiment.Search(train.Default(), []float64{3, 1, 2}, 2), experiment.Search(train.Default(), []float64{1, 4}, 3))
	trials[4].Config.NoTest = true
	settings := settingsOf(trials)
	for i, f := range fieldsOf(trials[0].Config) {
		want := map[string][]string{"lambda": {"3", "1", "2", "4"}, "seed": {"1", "2", "3"}, "no_test": {"false", "true"}}[f.name]
		if want == nil {
			want = []string{f.value}
		}
		if !slices.Equal(settings[i], want) {
			t.Errorf("%s: %q, want %q", f.name, settings[i], want)
		}
	}
}
