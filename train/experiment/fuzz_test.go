package experiment

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bnlab/train"
)

// thrifty checks that parse, reading raw, allocates no more than a small multiple of
// its length.
func thrifty(t *testing.T, raw []byte, multiple uint64, parse func()) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	parse()
	runtime.ReadMemStats(&after)
	// All that was ever allocated, so several times what is held at once.
	if used := after.TotalAlloc - before.TotalAlloc; used > 1<<17+multiple*uint64(len(raw)) {
		t.Errorf("%d bytes allocated for %d", used, len(raw))
	}
}

// TestHostileMemory: records use memory in proportion to their length, however little
// is in them.
func TestHostileMemory(t *testing.T) {
	const n = 1 << 17
	trial := `{"id":"%06d","config":{"ns":1,"cycles":1,"batch":1,"init":"he","val":1,"precision":"f32","evals":1}},`
	var trials strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&trials, trial, i)
	}
	for name, c := range map[string]struct{ before, part, after string }{
		"objects": {`{"format":1,"trials":[`, `{},`, `{}]}`},
		"numbers": {`{"format":1,"trials":[`, `0,`, `0]}`},
		"nesting": {`{"format":1,"trials":`, `[`, ``},
		"units":   {`{"format":1,"trials":[{"id":"a","config":{"hidden":[`, `1,`, `1]}}]}`},
		"layers":  {`{"trial":{"config":{"hidden":[`, `1,`, `1]}}}`},
		"fields":  {`{"format":1,`, `"format":1,`, `"format":1}`},
		"string":  {`{"program":"`, `\u0020`, `"}`},
		"trials":  {`{"format":1,"trials":[`, strings.TrimSuffix(trials.String(), ","), `]}`},
	} {
		raw := []byte(c.before + strings.Repeat(c.part, max(1, n/len(c.part))) + c.after)
		t.Run(name, func(t *testing.T) {
			thrifty(t, raw, 64, func() { // a configuration has many fields, however few are given
				if _, err := ParsePlan(raw); (err == nil) != (name == "trials") {
					t.Error(err)
				}
			})
			thrifty(t, raw, 50, func() { parseRecord(raw, smallPlan(), smallPlan().Trials[0]) })
		})
	}
	for name, line := range map[string]string{"no points": "{}\n", "steps": `{"step":1}` + "\n", "empty": "\n", "long": " "} {
		raw := []byte(strings.Repeat(line, n/len(line)))
		t.Run("curve of "+name, func(t *testing.T) {
			thrifty(t, raw, 100, func() { parseCurve(raw) })
		})
	}
}

// FuzzParsePlan: an accepted plan is valid, and is the same when written and read
// again.
func FuzzParsePlan(f *testing.F) {
	good, err := json.Marshal(smallPlan())
	must(f, err)
	f.Add(good)
	f.Add(good[:len(good)/2])
	f.Add([]byte(`{"format":1,"trials":[{"id":"../x"}]}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var p *Plan
		var err error
		thrifty(t, raw, 50, func() { p, err = ParsePlan(raw) })
		if err != nil {
			return
		}
		for _, trial := range p.Trials {
			if name := filepath.Join("trials", trial.ID); filepath.Base(name) != trial.ID || filepath.Dir(name) != "trials" {
				t.Fatalf("id %q leads elsewhere", trial.ID)
			}
		}
		readsBack(t, p, ParsePlan)
		if d := p.difference(p); d != "" {
			t.Fatal(d)
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
		must(f, err)
		f.Add(text)
		f.Add(text[:len(text)/2])
		f.Add(bytes.ReplaceAll(text, []byte(`_seconds":`), []byte(`_seconds":1e308,"":`)))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var r Record
		var err error
		thrifty(t, raw, 50, func() { r, err = parseRecord(raw, plan, trial) })
		if err != nil {
			return
		}
		summary := Summarize(plan, append([]Outcome{r.Outcome, r.Outcome}, make([]Outcome, len(plan.Trials)-2)...))
		_, err = json.Marshal(summary)
		must(t, err)
		readsBack(t, r, func(text []byte) (Record, error) { return parseRecord(text, plan, trial) })
	})
}

// FuzzCurve: a curve that is accepted is the same when written and read again.
func FuzzCurve(f *testing.F) {
	f.Add([]byte(`{"step":1,"epoch":0.5,"eta":0.01,"train_loss":2,"val_acc":0.1}` + "\n{}\n"))
	f.Add([]byte("{}\n\n{}"))
	f.Add([]byte(`{"step":1e3}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var curve []train.Point
		var err error
		thrifty(t, raw, 100, func() { curve, err = parseCurve(raw) })
		if err != nil {
			return
		}
		text, err := encodeCurve(curve)
		must(t, err)
		again, err := parseCurve(text)
		if diff := cmp.Diff(curve, again); err != nil || diff != "" {
			t.Fatalf("error %v, −first +second:\n%s", err, diff)
		}
	})
}
