package report

import (
	"slices"
	"testing"

	"bnlab/train"
	"bnlab/train/experiment"
)

// TestStatisticsShown: accuracies with other statistics of batch normalisation are columns of
// the table of their run, and curves of its figures; where there are none, neither.
func TestStatisticsShown(t *testing.T) {
	c := train.Default()
	c.BN, c.Statistics = true, "adaptive"
	trial := experiment.Trial{ID: "a", Group: "3-layer BN", Config: c}
	measured := &train.Measured{ValLoss: 7, ValAcc: 0.25, MeasuredTest: &train.MeasuredTest{TestAcc: 0.5}}
	point := train.Point{Step: 7, ByStatistics: train.ByStatistics{Adaptive: measured}}
	final := &train.Final{ByStatistics: point.ByStatistics, TestMetrics: &train.TestMetrics{}}
	o := experiment.Outcome{Trial: trial, Curve: []train.Point{point}, Result: train.Result{Final: final}}
	r := &Run{Plan: &experiment.Plan{Trials: []experiment.Trial{trial}}, curves: curves{}}
	r.curves.add(o)
	r.Summary = experiment.Summarize(r.Plan, []experiment.Outcome{o})
	table := groupTable(r, nil)
	if at := slices.Index(table.Header, "test, adaptive"); at < 0 || !slices.Equal(table.Rows[0][at:], []string{"50.00 %", "25.00 %"}) || len(table.Align) != len(table.Header) {
		t.Errorf("table %q %q", table.Header, table.Rows)
	}
	found := map[string]float64{}
	for _, chart := range kindCharts(r) {
		for _, s := range chart.Panels[0].Series {
			found[s.Name] = s.Points[0].Y
		}
	}
	if found["validation loss with adaptive statistics"] != 7 || found["validation accuracy with adaptive statistics"] != 25 || len(found) != 8 {
		t.Errorf("curves %v", found)
	}
	o.Result.Final.ByStatistics = train.ByStatistics{}
	r.Summary = experiment.Summarize(r.Plan, []experiment.Outcome{o})
	if table := groupTable(r, nil); slices.Contains(table.Header, "test, adaptive") {
		t.Errorf("table %q", table.Header)
	}
}
