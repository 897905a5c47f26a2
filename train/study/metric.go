package study

import (
	"slices"
	"strings"

	"bnlab/train"
	"bnlab/train/document"
	"bnlab/train/message"
)

// Metrics are the numbers of a finished trial that are compared, by the names of their
// fields.
var Metrics = append([]string{"test-acc", "val-acc", "train-loss", "val-loss"}, byStatistics("test-acc", "val-acc")...)

// byStatistics returns the names of numbers with each kind of statistics that a training may
// evaluate with beside the running ones, as test-acc-precise.
func byStatistics(numbers ...string) (names []string) {
	for _, kind := range train.Kinds {
		for _, number := range numbers {
			names = append(names, number+"-"+string(kind))
		}
	}
	return names
}

// hasMetric reports whether trials of c have the number: that with other statistics than
// the running ones only where c asks for these.
func hasMetric(c train.Config, name string) bool {
	for _, kind := range train.Kinds {
		if strings.HasSuffix(name, "-"+string(kind)) {
			return slices.Contains(strings.Split(c.Statistics, "+"), string(kind))
		}
	}
	return true
}

// criteria are those by which a search chooses. The test set is not for choosing.
var criteria = []string{"val-acc", "val-loss", "train-loss"}

// checkMetric returns an error about the line if there is no such metric of a trial.
func checkMetric(name string, line int, where string) error {
	if slices.Contains(Metrics, name) {
		return nil
	}
	return document.Value{Line: line}.Errorf("%smetric %.40q: give test-acc, val-acc, train-loss or val-loss%s", where, name,
		message.DidYouMean("", name, Metrics))
}
