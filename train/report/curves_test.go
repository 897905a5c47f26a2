package report

import (
	"strings"
	"testing"

	"bnlab/train"
	"bnlab/train/experiment"
)

// Each curve is drawn from its own numbers: of all that a point holds, no two are
// the same here.
func TestCurvesAreTheirOwn(t *testing.T) {
	trial := experiment.Trial{ID: "a", Group: "3-layer BN", Config: train.Default()}
	point := train.Point{Step: 7, Metrics: train.Metrics{TrainLoss: 1, TrainCost: 2, TrainAcc: 0.3, ValLoss: 4, ValCost: 5, ValAcc: 0.6}}
	o := experiment.Outcome{Trial: trial, Curve: []train.Point{point}, Result: train.Result{Final: &train.Final{Metrics: point.Metrics}}}
	r := &Run{
		Plan:    &experiment.Plan{Trials: []experiment.Trial{trial}},
		Summary: experiment.Summary{Groups: []experiment.Group{{Name: trial.Group, Config: trial.Config, N: 1}}},
		losses:  lossCurves{},
	}
	r.losses.add(o)
	found := map[string]float64{}
	for _, chart := range lossCharts(r) {
		for _, panel := range chart.Panels {
			for _, s := range panel.Series {
				if len(s.Points) != 1 || s.Points[0].X != 7 {
					t.Fatalf("%s: %+v", s.Name, s.Points)
				}
				found[s.Name] = s.Points[0].Y
			}
		}
	}
	if found["training loss"] != 1 || found["validation loss"] != 4 {
		t.Errorf("curves %v of %+v", found, point.Metrics)
	}
}

// "trials" are those of the plan, "with a record" those that have one.
func TestOriginCountsTrialsAndRecords(t *testing.T) {
	trials := make([]experiment.Trial, 5)
	r := &Run{Name: "x", Plan: &experiment.Plan{Trials: trials}, Records: 2}
	table := originTable([]*Run{r})
	for column, want := range map[string]string{"trials": "5", "with a record": "2"} {
		for i, header := range table.Header {
			if header == column && table.Rows[0][i] != want {
				t.Errorf("%s: %s, want %s", column, table.Rows[0][i], want)
			}
		}
	}
	if !strings.Contains(strings.Join(table.Header, ","), "trials,with a record") {
		t.Errorf("columns %q", table.Header)
	}
}
