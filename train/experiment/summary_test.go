package experiment

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"bnlab/train"
)

// TestSummarize against a computation from the definitions, of outcomes that
// ended well, diverged, failed or are missing, in any mixture.
func TestSummarize(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := small()
		c.NoTest = rapid.Bool().Draw(t, "no test")
		plan := planOf(ofLambdas(c, []float64{0.001, 0.01, 0.1}, rapid.IntRange(1, 4).Draw(t, "seeds")), 3)
		outcomes := make([]Outcome, len(plan.Trials))
		for i, trial := range plan.Trials {
			switch rapid.SampledFrom([]string{"finished", "diverged", "failed", "missing"}).Draw(t, "outcome") {
			case "finished":
				accuracy := rapid.Float64Range(0, 1)
				outcomes[i] = finished(trial, accuracy.Draw(t, "val"), accuracy.Draw(t, "test"))
			case "diverged":
				outcomes[i] = diverged(trial)
			case "failed":
				outcomes[i] = failed(trial)
			}
		}
		got, want := Summarize(plan, outcomes), naive(plan, outcomes)
		got.Backend, got.Properties = nil, nil // of TestProperties
		near := cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) <= 1e-12*(1+math.Abs(a)) })
		if diff := cmp.Diff(want, got, near); diff != "" {
			t.Fatalf("-want +got:\n%s", diff)
		}
		if err := got.Err(); (err == nil) != (len(got.Failed)+len(got.Missing) == 0) {
			t.Fatalf("error %v of %d failed, %d missing", err, len(got.Failed), len(got.Missing))
		}
	})
}

// naive is Summarize, written down group by group.
func naive(plan *Plan, outcomes []Outcome) Summary {
	s := Summary{Experiment: plan.Experiment, Dataset: plan.Dataset}
	seen := map[string]bool{}
	for i, trial := range plan.Trials {
		o := outcomes[i]
		switch {
		case !o.Done():
			s.Missing = append(s.Missing, trial.ID)
			continue
		case o.Error != "":
			s.Failed = append(s.Failed, trial.ID)
		case o.Result.Diverged:
			s.Diverged = append(s.Diverged, trial.ID)
			s.Causes = []train.Cause{train.RateTooHigh} // none of these has wide weights or a large λ
		}
		s.Trials++
		s.TrainSeconds += o.Result.TrainSeconds
		s.EvalSeconds += o.Result.EvalSeconds
		if !seen[trial.Group] {
			seen[trial.Group] = true
			s.Groups = append(s.Groups, naiveGroup(trial, outcomes))
		}
	}
	return s
}

func naiveGroup(first Trial, outcomes []Outcome) Group {
	g := Group{Name: first.Group, Config: first.Config}
	all := 0.0
	for _, o := range outcomes {
		if o.Trial.Group != first.Group {
			continue
		}
		all++
		g.Seconds += o.Result.TrainSeconds + o.Result.EvalSeconds
		switch {
		case o.Error != "":
			g.Failed++
		case o.Result.Diverged:
			g.Diverged++
		default:
			g.N++
			f := o.Result.Final
			g.ValAcc.Values = append(g.ValAcc.Values, f.ValAcc)
			g.ValLoss.Values = append(g.ValLoss.Values, f.ValLoss)
			g.TrainLoss.Values = append(g.TrainLoss.Values, f.TrainLoss)
			if f.TestMetrics != nil {
				g.TestAcc.Values = append(g.TestAcc.Values, f.TestAcc)
			}
		}
	}
	g.Seconds /= all
	for _, s := range []*Spread{&g.ValAcc, &g.ValLoss, &g.TrainLoss, &g.TestAcc} {
		n := float64(len(s.Values))
		for _, v := range s.Values {
			s.Mean += v / n
		}
		for _, v := range s.Values {
			s.Std += (v - s.Mean) * (v - s.Mean)
		}
		if n > 1 {
			s.Std = math.Sqrt(s.Std / (n - 1))
		}
	}
	return g
}

// TestSpreadOf: by hand, and values so large that their squares overflow; and how
// they are written.
func TestSpreadOf(t *testing.T) {
	for _, v := range []struct {
		values          []float64
		mean, std       float64
		percent, number string
	}{
		{nil, 0, 0, "–", "–"},
		{[]float64{0.5}, 0.5, 0, "50.00 %", "0.500"},
		{[]float64{1, 2, 6}, 3, math.Sqrt(7), "300.00 ± 264.58 %", "3.000 ± 2.646"},
		{[]float64{1e200, 2e200, 6e200}, 3e200, math.Sqrt(7) * 1e200, "", "3e+200 ± 2.6e+200"},
		{[]float64{0, math.MaxFloat64}, math.MaxFloat64 / 2, math.MaxFloat64 / math.Sqrt2, "+Inf ± +Inf %", "8.99e+307 ± 1.3e+308"},
		{[]float64{5e-324, 5e-324}, 5e-324, 0, "0.00 ± 0.00 %", "0.000 ± 0.000"},
	} {
		s := SpreadOf(v.values)
		if near := func(a, b float64) bool { return math.Abs(a-b) <= 1e-15*math.Abs(b) }; !near(s.Mean, v.mean) || !near(s.Std, v.std) {
			t.Errorf("%v: %v ± %v, want %v ± %v", v.values, s.Mean, s.Std, v.mean, v.std)
		}
		if s.Number() != v.number || v.percent != "" && s.Percent() != v.percent {
			t.Errorf("%v is written as %s and %s", v.values, s.Percent(), s.Number())
		}
		if text, err := json.Marshal(s); err != nil || (string(text) == "null") != (len(v.values) == 0) {
			t.Errorf("%v: JSON %s, %v", v.values, text, err)
		}
	}
}

// TestSummaryJSON: the keys that scripts rely on; null for no values, [] for an empty
// list, and a standard deviation of 0 for one value.
func TestSummaryJSON(t *testing.T) {
	c := small()
	c.NoTest = true
	plan := planOf(ofLambdas(c, []float64{0.001}, 1), 1)
	for _, outcomes := range [][]Outcome{{finished(plan.Trials[0], 0.5, 0.25)}, {{}}} {
		text, err := JSON(Summarize(plan, outcomes))
		var got struct {
			Experiment       string
			Dataset          map[string]string
			Backend, Best    json.RawMessage
			Groups           []map[string]json.RawMessage
			Warnings         json.RawMessage
			Diverged, Failed json.RawMessage
			Missing          []string
			Trials           int
			Train_Seconds    float64
			Eval_Seconds     float64
		}
		if err = errors.Join(err, json.Unmarshal(text, &got)); err != nil {
			t.Fatal(err)
		}
		if got.Experiment != "test" || got.Dataset["name"] != testData.Name || got.Dataset["digest"] != testData.Digest {
			t.Errorf("experiment %q of %v", got.Experiment, got.Dataset)
		}
		for key, raw := range map[string]json.RawMessage{"warnings": got.Warnings, "diverged": got.Diverged, "failed": got.Failed} {
			if string(raw) != "[]" {
				t.Errorf("%s: %s, want []", key, raw)
			}
		}
		if string(got.Best) != "null" {
			t.Errorf("best %s", got.Best)
		}
		if !outcomes[0].Done() {
			if got.Groups == nil || string(got.Backend) != "null" || !slices.Equal(got.Missing, []string{"lambda-0.001-seed1"}) {
				t.Errorf("without a record: groups %v, backend %s, missing %v", got.Groups, got.Backend, got.Missing)
			}
			continue
		}
		if got.Trials != 1 || got.Train_Seconds != 3 || got.Eval_Seconds != 1 || got.Missing == nil {
			t.Errorf("%+v", got)
		}
		for key, want := range map[string]string{"n": "1", "diverged": "0", "stage": `""`, "published": "null", "test_acc": "null",
			"val_acc": `{"mean":0.5,"std":0,"values":[0.5]}`} {
			var packed bytes.Buffer
			if err := json.Compact(&packed, got.Groups[0][key]); err != nil || packed.String() != want {
				t.Errorf("%s: %s, want %s", key, packed.String(), want)
			}
		}
	}
}

// TestSummaryErr: failed and missing trials are an error that names them, a
// diverged one is a result.
func TestSummaryErr(t *testing.T) {
	plan := planOf(ofLambdas(small(), []float64{0.001}, 4), 2)
	ts := plan.Trials
	good := Summarize(plan, []Outcome{finished(ts[0], 0.5, 0.5), diverged(ts[1]), diverged(ts[2]), finished(ts[3], 0, 0)})
	if err := good.Err(); err != nil || good.Groups[0].Diverged != 2 || good.Groups[0].N != 2 {
		t.Errorf("two diverged: %v, %+v", err, good)
	}
	bad := Summarize(plan, []Outcome{finished(ts[0], 0.5, 0.5), failed(ts[1]), {}, diverged(ts[3])})
	err := bad.Err()
	const want = "1 failed, 1 missing: lambda-0.001-seed2, lambda-0.001-seed3"
	if !errors.Is(err, ErrTrials) || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want %s", err, want)
	}
	many := planOf(ofLambdas(small(), []float64{0.001}, 40_000), 1)
	if text := Summarize(many, make([]Outcome, 40_000)).Err().Error(); len(text) > 400 || !strings.HasSuffix(text, "lambda-0.001-seed10 and 39990 more") {
		t.Errorf("40000 missing trials: %d bytes: %.400s", len(text), text)
	}
}

// TestJoin: stages keep their order and their names, and every trial of both is
// counted, whatever became of it.
func TestJoin(t *testing.T) {
	coarse := planOf(ofLambdas(small(), []float64{0.001, 0.1}, 2), 1)
	fine := planOf(ofLambdas(small(), []float64{0.01}, 4), 1)
	a := Summarize(coarse, []Outcome{finished(coarse.Trials[0], 0.5, 0.5), diverged(coarse.Trials[1]), failed(coarse.Trials[2]), {}}).InStage("coarse")
	b := Summarize(fine, []Outcome{{}, diverged(fine.Trials[1]), failed(fine.Trials[2]), finished(fine.Trials[3], 0.5, 0.5)}).InStage("fine")
	best := &Best{Lambda: 0.001, ValAcc: 0.5}
	b.Best = best
	got := a.Join(b)
	var groups []string
	for _, g := range got.Groups {
		groups = append(groups, g.Stage+" "+g.Name)
	}
	same(t, []string{"coarse lambda=0.001", "coarse lambda=0.1", "fine lambda=0.01"}, groups, "groups")
	want := Summary{Experiment: a.Experiment, Dataset: a.Dataset, Backend: a.Backend, Groups: got.Groups, Trials: 6,
		Properties:   got.Properties,
		TrainSeconds: 10, EvalSeconds: 2, Best: best,
		Failed: []string{"lambda-0.1-seed1", "lambda-0.01-seed3"}, Diverged: []string{"lambda-0.001-seed2", "lambda-0.01-seed2"},
		Missing: []string{"lambda-0.1-seed2", "lambda-0.01-seed1"}, Causes: []train.Cause{train.RateTooHigh}}
	same(t, want, got, "the summary")
	if len(a.Groups) != 2 || len(b.Groups) != 1 {
		t.Error("joining changes its parts")
	}
}
