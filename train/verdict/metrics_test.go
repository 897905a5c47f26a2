package verdict

import (
	"testing"

	"bnlab/train"
	"bnlab/train/experiment"
	"bnlab/train/study"
)

// TestMetrics: a study can compare each metric that it can name, each of its own number; a
// trial that was not evaluated with some statistics has none.
func TestMetrics(t *testing.T) {
	of := func(v float64) *train.Measured {
		return &train.Measured{ValAcc: v, MeasuredTest: &train.MeasuredTest{TestAcc: v + 0.01}}
	}
	final := &train.Final{
		Metrics: train.Metrics{TrainLoss: 1, ValLoss: 2, ValAcc: 0.3}, TestMetrics: &train.TestMetrics{TestAcc: 0.4},
		ByStatistics: train.ByStatistics{Precise: of(0.5), Adaptive: of(0.6), Batch: of(0.7)},
	}
	o := experiment.Outcome{Result: train.Result{Final: final}}
	want := map[string]float64{
		"train-loss": 1, "val-loss": 2, "val-acc": 0.3, "test-acc": 0.4,
		"val-acc-precise": 0.5, "test-acc-precise": 0.51, "val-acc-adaptive": 0.6, "test-acc-adaptive": 0.61, "val-acc-batch": 0.7, "test-acc-batch": 0.71,
	}
	for _, name := range study.Metrics {
		if got, ok := metrics[name](o); !ok || got != want[name] {
			t.Errorf("%s is %g, %v, want %g", name, got, ok, want[name])
		}
	}
	if len(want) != len(study.Metrics) || len(metrics) != len(want) {
		t.Errorf("%d metrics, of which studies name %d", len(metrics), len(study.Metrics))
	}
	final.Precise, final.Adaptive.MeasuredTest = nil, nil
	for _, name := range []string{"val-acc-precise", "test-acc-precise", "test-acc-adaptive"} {
		if got, ok := metrics[name](o); ok {
			t.Errorf("%s is %g where there is none", name, got)
		}
	}
}
