package study

import (
	"maps"
	"math"
	"slices"

	"bnlab/train/document"
	"bnlab/train/experiment"
	"bnlab/train/message"
)

// metrics return a number of a finished trial, false where it has none.
var metrics = map[string]func(experiment.Outcome) (float64, bool){
	"test-acc": func(o experiment.Outcome) (float64, bool) {
		if o.Result.Final.TestMetrics == nil {
			return 0, false
		}
		return o.Result.Final.TestAcc, true
	},
	"val-acc":    func(o experiment.Outcome) (float64, bool) { return o.Result.Final.ValAcc, true },
	"train-loss": func(o experiment.Outcome) (float64, bool) { return o.Result.Final.TrainLoss, true },
	"val-loss":   func(o experiment.Outcome) (float64, bool) { return o.Result.Final.ValLoss, true },
}

// checkMetric returns an error about the line if there is no such metric of a trial.
func checkMetric(name string, line int, where string) error {
	if metrics[name] != nil {
		return nil
	}
	return document.Value{Line: line}.Errorf("%smetric %.40q: give test-acc, val-acc, train-loss or val-loss%s", where, name,
		message.DidYouMean("", name, slices.Sorted(maps.Keys(metrics))))
}

// result is a trial and what became of it.
type result struct {
	trial experiment.Trial
	experiment.Outcome
}

// number returns the metric of a trial that has a result.
func (r result) number(metric func(experiment.Outcome) (float64, bool)) (float64, bool) {
	if !r.Done() || r.Error != "" || r.Result.Diverged || r.Result.Final == nil {
		return 0, false
	}
	v, ok := metric(r.Outcome)
	return v, ok && !math.IsNaN(v) && !math.IsInf(v, 0)
}
