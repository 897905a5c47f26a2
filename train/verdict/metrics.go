package verdict

import (
	"math"

	"bnlab/train"
	"bnlab/train/experiment"
)

// metrics return a number of a finished trial, false where it has none.
var metrics = withStatistics(map[string]func(experiment.Outcome) (float64, bool){
	"test-acc": func(o experiment.Outcome) (float64, bool) {
		if o.Result.Final.TestMetrics == nil {
			return 0, false
		}
		return o.Result.Final.TestAcc, true
	},
	"val-acc":    func(o experiment.Outcome) (float64, bool) { return o.Result.Final.ValAcc, true },
	"train-loss": func(o experiment.Outcome) (float64, bool) { return o.Result.Final.TrainLoss, true },
	"val-loss":   func(o experiment.Outcome) (float64, bool) { return o.Result.Final.ValLoss, true },
})

// withStatistics adds the accuracies with each kind of statistics of batch normalisation
// beside the running ones, as test-acc-precise.
func withStatistics(metrics map[string]func(experiment.Outcome) (float64, bool)) map[string]func(experiment.Outcome) (float64, bool) {
	for _, kind := range train.Kinds {
		metrics["val-acc-"+string(kind)] = func(o experiment.Outcome) (float64, bool) {
			m := o.Result.Final.Of(kind)
			if m == nil {
				return 0, false
			}
			return m.ValAcc, true
		}
		metrics["test-acc-"+string(kind)] = func(o experiment.Outcome) (float64, bool) {
			m := o.Result.Final.Of(kind)
			if m == nil || m.MeasuredTest == nil {
				return 0, false
			}
			return m.TestAcc, true
		}
	}
	return metrics
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

// resultsOf returns the results of trials and their outcomes, in the same order.
func resultsOf(trials []experiment.Trial, outcomes []experiment.Outcome) []result {
	results := make([]result, len(trials))
	for i := range results {
		results[i] = result{trials[i], outcomes[i]}
	}
	return results
}

// numbersOf returns a metric of the trials that have it.
func numbersOf(results []result, metric string) (values []float64) {
	for _, r := range results {
		if v, ok := r.number(metrics[metric]); ok {
			values = append(values, v)
		}
	}
	return values
}

// Numbers returns the metric of the outcomes that have it.
func Numbers(outcomes []experiment.Outcome, metric string) (values []float64) {
	for _, o := range outcomes {
		if v, ok := (result{o.Trial, o}).number(metrics[metric]); ok {
			values = append(values, v)
		}
	}
	return values
}
