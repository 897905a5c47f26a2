package results

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bnlab/cmd/internal/modelfile"
	"bnlab/train"
	"bnlab/train/experiment"
)

// The tests of this file are about numbers in the wrong place: every number of a
// result differs from all others, so that no two can be exchanged unseen.

// allDifferent is a result of which no two numbers are the same.
func allDifferent() train.Result {
	return train.Result{Steps: 1000, TrainSeconds: 2, EvalSeconds: 3, Final: &train.Final{
		Metrics:     train.Metrics{TrainLoss: 1.1, TrainCost: 1.2, TrainAcc: 0.13, ValLoss: 2.1, ValCost: 2.2, ValAcc: 0.23},
		TestMetrics: &train.TestMetrics{TestLoss: 3.1, TestCost: 3.2, TestAcc: 0.33},
	}}
}

// fields returns the words of the first line that begins with a word.
func fields(t *testing.T, text, word string) []string {
	t.Helper()
	for line := range strings.Lines(text) {
		if words := strings.Fields(line); len(words) > 0 && words[0] == word {
			return words
		}
	}
	t.Fatalf("no line of %q in\n%s", word, text)
	return nil
}

func TestTrainTable(t *testing.T) {
	var out bytes.Buffer
	Training{Config: train.Default(), Result: allDifferent()}.Table(&out)
	for _, want := range []string{"training 1.1000 1.2000 13.00 %", "validation 2.1000 2.2000 23.00 %", "test 3.1000 3.2000 33.00 %"} {
		word, _, _ := strings.Cut(want, " ")
		if got := strings.Join(fields(t, out.String(), word), " "); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := fields(t, out.String(), "set"); !slices.Equal(got, []string{"set", "loss", "cost", "accuracy"}) {
		t.Errorf("columns %q", got)
	}
}

func TestSummaryTable(t *testing.T) {
	plan := &experiment.Plan{Trials: []experiment.Trial{{ID: "g-seed1", Group: "g", Config: train.Default()}}}
	s := experiment.Summarize(plan, []experiment.Outcome{{Trial: plan.Trials[0], Result: allDifferent()}})
	var out bytes.Buffer
	Summary{s}.Table(&out)
	const header, row = "group n test accuracy val accuracy train loss val loss s/trial", "g 1 33.00 % 23.00 % 1.100 2.100 5.0"
	clean := func(words []string) string {
		return strings.Replace(strings.Replace(strings.Join(words, " "), " published", "", 1), " –", "", 1)
	}
	if got := clean(fields(t, out.String(), "group")); got != header {
		t.Errorf("columns %q, want %q", got, header)
	}
	if got := clean(fields(t, out.String(), "g")); got != row {
		t.Errorf("%q, want %q", got, row)
	}
}

// A row of the confusion matrix is a true class, a column a predicted one, and a
// class's accuracy is of its own images, however many the other classes have.
func TestConfusionByHand(t *testing.T) {
	labels := []uint8{0, 0, 0, 0, 1, 1, 2} // 4, 2 and 1 images
	v := &modelfile.Predictions{Classes: []int{0, 0, 0, 2, 0, 1, 0}}
	for i := range labels {
		v.Probabilities = append(v.Probabilities, []float64{0.5 + 0.01*float64(i), 0.2, 0.1})
	}
	v.Score.Images, v.Score.Correct, v.Score.Loss = 7, 4, 14
	r := Eval{Classes: []string{"a", "b", "c"}}
	r.fill(v, labels)
	if diff := cmp.Diff([][]int{{3, 0, 1}, {1, 1, 0}, {1, 0, 0}}, r.Confusion); diff != "" {
		t.Errorf("confusion (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]float64{0.75, 0.5, 0}, r.PerClass); diff != "" {
		t.Errorf("accuracy of the classes (-want +got):\n%s", diff)
	}
	if r.Images != 7 || r.Loss != 2 || math.Abs(r.Accuracy-4./7) > 1e-15 {
		t.Errorf("%d images, loss %g, accuracy %g", r.Images, r.Loss, r.Accuracy)
	}
	worst := []Mistake{{6, "c", "a", certaintyOf(0.56, "")}, {4, "b", "a", certaintyOf(0.54, "")}, {3, "a", "c", certaintyOf(0.1, "")}}
	if diff := cmp.Diff(worst, r.Mistakes); diff != "" {
		t.Errorf("mistakes, the most probable first (-want +got):\n%s", diff)
	}
}
