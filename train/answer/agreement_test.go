package answer

import (
	"fmt"
	"testing"

	"bnlab/blas"
	"bnlab/train"
	"bnlab/train/experiment"
)

// seconds are those of the last outcome.
var seconds float64

// outcomesOf returns outcomes of seeds 1 on with those accuracies, by a kernel; an accuracy
// of −1 is of a training that diverged.
func outcomesOf(kernel string, accuracies ...float64) (all []experiment.Outcome) {
	for i, a := range accuracies {
		o := experiment.Outcome{Origin: experiment.Origin{Backend: blas.Backend{Core: kernel}}}
		o.Trial = experiment.Trial{ID: fmt.Sprint(i + 1), Config: train.Config{Seed: uint64(i + 1)}}
		if o.Result.Diverged = a < 0; !o.Result.Diverged {
			o.Result.Final = &train.Final{TestMetrics: &train.TestMetrics{TestAcc: a}}
		}
		seconds++
		o.Result.TrainSeconds = seconds // which is no result
		all = append(all, o)
	}
	return all
}

// TestAgreement: results agree within the interval, or to the bit.
func TestAgreement(t *testing.T) {
	for _, c := range []struct {
		name        string
		here, there []experiment.Outcome
		want        Agrees
		pairs       int
		unequal     int
		equal       bool
	}{
		{"another kernel, close", outcomesOf("A", .50, .52, .51), outcomesOf("BB", .51, .52, .50), Agree, 0, 0, false},
		{"another kernel, far", outcomesOf("A", .50, .52, .51), outcomesOf("BB", .61, .62, .60), Differ, 0, 0, false},
		{"one seed", outcomesOf("A", .50), outcomesOf("BB", .50), CannotTell, 0, 0, false},
		{"one seed, equal bits", outcomesOf("A", .50), outcomesOf("A", .50), Agree, 1, 0, true},
		{"one seed, other bits", outcomesOf("A", .50), outcomesOf("A", .51), CannotTell, 1, 1, false},
		{"equal bits, one diverged", outcomesOf("A", .50, -1), outcomesOf("A", .50, -1), Agree, 2, 0, true},
		{"one diverged here alone", outcomesOf("A", .50, -1, .51), outcomesOf("A", .50, .50, .51), Agree, 3, 1, false},
		{"all diverged, another kernel", outcomesOf("A", -1, -1), outcomesOf("BB", -1, -1), CannotTell, 0, 0, false},
		{"fewer seeds, all equal", outcomesOf("A", .50), outcomesOf("A", .50, .52), Agree, 1, 0, true},
		{"more seeds, the shared ones equal", outcomesOf("A", .50, .52, .51), outcomesOf("A", .50, .52), Agree, 2, 0, false},
	} {
		got := agreement("g", c.here, c.there)
		if got.Verdict != c.want || got.Pairs != c.pairs || len(got.Unequal) != c.unequal || got.Equal != c.equal {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}
