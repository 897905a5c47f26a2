package experiment

import (
	"reflect"
	"testing"

	"bnlab/train"
)

// A stage's failed, diverged and missing trials are not lost when it is joined to
// the stages before it: every list of a summary holds what both have.
func TestJoinKeepsAll(t *testing.T) {
	first := Summary{Groups: []Group{{Name: "a"}}, Diverged: []string{"d"}, Failed: []string{"f"}, Missing: []string{"m"}, Trials: 3, TrainSeconds: 1, EvalSeconds: 10}
	second := Summary{Groups: []Group{{Name: "b"}}, Diverged: []string{"D"}, Failed: []string{"F"}, Missing: []string{"M"}, Trials: 4, TrainSeconds: 2, EvalSeconds: 20}
	joined := first.Join(second)
	for v, i := reflect.ValueOf(joined), 0; i < v.NumField(); i++ {
		if f := v.Field(i); f.Kind() == reflect.Slice && reflect.ValueOf(first).Field(i).Len() > 0 && f.Len() != 2 {
			t.Errorf("%s: %v", v.Type().Field(i).Name, f)
		}
	}
	if joined.Trials != 7 || joined.TrainSeconds != 3 || joined.EvalSeconds != 30 || joined.Failed[0] != "f" || joined.Failed[1] != "F" {
		t.Errorf("%+v", joined)
	}
	if err := (Summary{}).Join(Summary{Failed: []string{"F"}}).Err(); err == nil {
		t.Error("a failure of the second stage is no error")
	}
	if s := joined.InStage("final"); s.Groups[0].Stage != "final" || s.Groups[1].Stage != "final" {
		t.Errorf("stages %+v", s.Groups)
	}
}

// Each spread of a group is of its own numbers: of all that a result holds, no two
// are the same here.
func TestSpreadsAreTheirOwn(t *testing.T) {
	c := train.Default()
	plan := &Plan{Trials: []Trial{{ID: "a", Group: "a", Config: c}}}
	final := &train.Final{
		Metrics:     train.Metrics{TrainLoss: 1, TrainCost: 2, TrainAcc: 0.3, ValLoss: 4, ValCost: 5, ValAcc: 0.6},
		TestMetrics: &train.TestMetrics{TestLoss: 7, TestCost: 8, TestAcc: 0.9},
	}
	g := Summarize(plan, []Outcome{{Trial: plan.Trials[0], Result: train.Result{Steps: 1, Final: final, TrainSeconds: 10, EvalSeconds: 20}}}).Groups[0]
	for name, v := range map[string]struct{ got, want float64 }{
		"test accuracy": {g.TestAcc.Mean, 0.9}, "validation accuracy": {g.ValAcc.Mean, 0.6},
		"training loss": {g.TrainLoss.Mean, 1}, "validation loss": {g.ValLoss.Mean, 4}, "seconds": {g.Seconds, 30},
	} {
		if v.got != v.want {
			t.Errorf("%s: %g, want %g", name, v.got, v.want)
		}
	}
}
