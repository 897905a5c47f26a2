package experiment

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bnlab/train"
)

// FuzzParsePlan: a plan that is accepted makes sense, and is the same when
// written and read again.
func FuzzParsePlan(f *testing.F) {
	good, err := json.Marshal(smallPlan())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(good[:len(good)/2])
	f.Add([]byte(`{"format":1,"trials":[{"id":"../x"}]}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		p, err := ParsePlan(raw)
		if err != nil {
			return
		}
		for _, trial := range p.Trials {
			if name := filepath.Join("trials", trial.ID); filepath.Base(name) != trial.ID || filepath.Dir(name) != "trials" {
				t.Fatalf("id %q leads elsewhere", trial.ID)
			}
		}
		text, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		again, err := ParsePlan(text)
		if err != nil {
			t.Fatalf("accepted, but not when written again: %v", err)
		}
		if diff := cmp.Diff(p, again); diff != "" || p.difference(again) != "" {
			t.Fatalf("%s (-first +second):\n%s", p.difference(again), diff)
		}
	})
}

// FuzzParseRecord: a record that is accepted is of the trial, has what a summary
// needs, and is the same when written and read again.
func FuzzParseRecord(f *testing.F) {
	plan := smallPlan()
	trial := plan.Trials[0]
	for _, o := range []Outcome{finished(trial, 0.5, 0.25), diverged(trial), failed(trial), finished(plan.Trials[1], 1, 1)} {
		text, err := json.Marshal(record(o))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
		f.Add(text[:len(text)/2])
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := parseRecord(raw, plan, trial)
		if err != nil {
			return
		}
		Summarize(plan, append([]Outcome{r.Outcome}, make([]Outcome, len(plan.Trials)-1)...))
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		again, err := parseRecord(text, plan, trial)
		if err != nil {
			t.Fatalf("accepted, but not when written again: %v", err)
		}
		if diff := cmp.Diff(r, again); diff != "" {
			t.Fatalf("−first +second:\n%s", diff)
		}
	})
}

// FuzzCurve: a curve that is accepted is the same when written and read again.
func FuzzCurve(f *testing.F) {
	f.Add([]byte(`{"step":1,"epoch":0.5,"eta":0.01,"train_loss":2,"val_acc":0.1}` + "\n{}\n"))
	f.Add([]byte("{}\n\n{}"))
	f.Add([]byte(`{"step":1e3}`))
	path := filepath.Join(f.TempDir(), curveFile)
	f.Fuzz(func(t *testing.T, raw []byte) {
		curve, err := curveOf(path, raw)
		if err != nil {
			return
		}
		var text bytes.Buffer
		for _, p := range curve {
			if err := json.NewEncoder(&text).Encode(p); err != nil {
				t.Fatal(err)
			}
		}
		again, err := curveOf(path, text.Bytes())
		if diff := cmp.Diff(curve, again); err != nil || diff != "" {
			t.Fatalf("error %v, −first +second:\n%s", err, diff)
		}
	})
}

func curveOf(path string, content []byte) ([]train.Point, error) {
	if err := os.WriteFile(path, content, 0o666); err != nil {
		return nil, err
	}
	return readCurve(path)
}
