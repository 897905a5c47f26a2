package experiment

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"bnlab/train"
	"bnlab/train/atomicfile"
	"bnlab/train/claim"
)

// watched runs the plan of a folder to its end, and checks at each evaluation that the file
// of the curve holds the points up to it. It returns how many of them there were.
func watched(t *testing.T, f *Folder) (looks int) {
	t.Helper()
	var mu sync.Mutex
	seen := map[string][]train.Point{}
	r := runner(t, f)
	r.Observer = observer{point: func(trial Trial, p train.Point) {
		mu.Lock()
		defer mu.Unlock()
		looks++
		seen[trial.ID] = append(seen[trial.ID], p)
		same(t, seen[trial.ID], f.LiveCurve(trial), "%s after step %d", trial.ID, p.Step)
		if _, done, err := f.Read(trial); done || err != nil {
			t.Errorf("%s counts as done in training, error %v", trial.ID, err)
		}
	}}
	runAll(t, r, f.Plan)
	return looks
}

// TestLiveCurve: the curves of trials in training are on disk, point by point, of those
// side by side too, and are nothing but curves; in the end the files are those of a run
// that nobody looks at.
func TestLiveCurve(t *testing.T) {
	plan := long(train.F32)
	f := create(t, t.TempDir(), plan)
	if n := watched(t, f); n < 12 {
		t.Fatalf("%d evaluations", n)
	}
	want := timeless(runAll(t, runner(t, nil), plan))
	same(t, want, timeless(runAll(t, runner(t, f), plan)), "in the end")
	if left := files(t, f, "curve.*.jsonl"); len(left) > 0 {
		t.Errorf("left %v", left)
	}
}

// TestLiveCurveResumed: whoever goes on with a trial writes its curve from the start, be it
// cut in the middle of a line, or ahead of the checkpoint.
func TestLiveCurveResumed(t *testing.T) {
	for name, damage := range map[string]func(curve []byte) []byte{
		"whole":   func(c []byte) []byte { return c },
		"cut":     func(c []byte) []byte { return c[:len(c)-20] },
		"ahead":   func(c []byte) []byte { return append(c, `{"step":29,"val_acc":0.5}`+"\n"+`{"step":30`...) },
		"garbage": func([]byte) []byte { return []byte("\x00\x00\n\n{}") },
	} {
		t.Run(name, func(t *testing.T) {
			f := interruptedFolder(t, long(train.F32))
			path := filepath.Join(f.TrialDir(f.Plan.Trials[0]), curveFile)
			content, err := os.ReadFile(path)
			must(t, err, os.WriteFile(path, damage(content), 0o666))
			if looks := watched(t, f); looks < 12 {
				t.Errorf("%d evaluations", looks)
			}
			same(t, timeless(runAll(t, runner(t, nil), f.Plan)), timeless(runAll(t, runner(t, f), f.Plan)), "in the end")
		})
	}
}

// TestLiveCurveOfRecord: the curve of a trial that has its record stays as it is while its
// unit is trained again for another.
func TestLiveCurveOfRecord(t *testing.T) {
	plan := long(train.F32)
	f := create(t, t.TempDir(), plan)
	runAll(t, runner(t, f), plan)
	must(t, os.Remove(filepath.Join(f.TrialDir(plan.Trials[1]), resultFile)))
	path := filepath.Join(f.TrialDir(plan.Trials[0]), curveFile)
	before, err := os.Lstat(path)
	must(t, err)
	r := runner(t, f)
	r.Observer = observer{point: func(Trial, train.Point) {
		if now, err := os.Lstat(path); err != nil || !os.SameFile(now, before) || now.ModTime() != before.ModTime() {
			t.Errorf("written again, error %v", err)
		}
	}}
	runAll(t, r, plan)
}

// TestLiveCurveHolder: only the holder of the unit writes. One that was stopped, while
// another finished the trial, adds nothing to the finished curve.
func TestLiveCurveHolder(t *testing.T) {
	f, trial := createSmall(t)
	dir, err := f.makeTrialDir(trial)
	must(t, err)
	if l := f.liveCurves([]Trial{trial}, nil); l != nil {
		t.Error("writes without a claim")
	}
	w := claim.Watch{Path: filepath.Join(dir, claimFile)}
	held, err := w.Try(10, func() {})
	must(t, err)
	l := f.liveCurves([]Trial{trial}, held)
	l.add(0, train.Point{Step: 1})
	if n := len(f.LiveCurve(trial)); n != 1 {
		t.Fatalf("%d points, want 1", n)
	}
	done := record(finished(trial, 0.5, 0.5))
	if _, err := f.Keep(done); err != nil {
		t.Fatal(err)
	}
	l.add(0, train.Point{Step: 2})
	second := f.liveCurves([]Trial{trial}, held)
	second.add(0, train.Point{Step: 1})
	if r, found, err := f.Read(trial); !found || err != nil || !slices.Equal(r.Curve, done.Curve) {
		t.Errorf("found %v, error %v, %d points", found, err, len(r.Curve))
	}
	must(t, os.Remove(filepath.Join(dir, resultFile)))
	held.Release()
	third := f.liveCurves([]Trial{trial}, held)
	third.add(0, train.Point{Step: 1})
	if c := f.LiveCurve(trial); !slices.Equal(c, done.Curve) {
		t.Errorf("one that has lost the claim has written: %v", c)
	}
}

// TestLiveCurveUnwritable: where the curve cannot be written, the trial is trained all the
// same, and its curve is in its record.
func TestLiveCurveUnwritable(t *testing.T) {
	plan := long(train.F32)
	f := create(t, t.TempDir(), plan)
	dir, err := f.makeTrialDir(plan.Trials[0])
	must(t, err)
	path, elsewhere := filepath.Join(dir, curveFile), filepath.Join(t.TempDir(), "elsewhere")
	must(t, os.WriteFile(elsewhere, []byte("mine"), 0o666), os.Symlink(elsewhere, path))
	r := runner(t, f)
	r.Observer = observer{point: func(trial Trial, _ train.Point) {
		if trial.ID == plan.Trials[0].ID && f.LiveCurve(trial) != nil {
			t.Error("a link is followed")
		}
	}}
	_, err = r.Run(t.Context(), plan)
	if content, _ := os.ReadFile(elsewhere); string(content) != "mine" {
		t.Errorf("the file that a link leads to is %q", content)
	}
	if !errors.Is(err, atomicfile.ErrLink) && err != nil {
		t.Error(err)
	}
}

// TestLiveCurveRead: of a file in the midst of being written, what is whole is read.
func TestLiveCurveRead(t *testing.T) {
	f, trial := createSmall(t)
	dir, err := f.makeTrialDir(trial)
	must(t, err)
	for content, points := range map[string]int{
		"":                            0,
		`{"step":1`:                   0,
		`{"step":1}` + "\n":           1,
		`{"step":1}` + "\n" + `{"st`:  1,
		`{"step":1}`:                  1,
		"{\"step\":1}\n{\"step\":3}":  2,
		"{\"step\":3}\n{\"step\":1}":  1,
		"{\"step\":1,\"val_acc\":7}":  0,
		"\n{\"step\":1}":              0,
		"{\"step\":1}\n\x00\x00\x00":  1,
		"<script>alert(1)</script>\n": 0,
	} {
		must(t, os.WriteFile(filepath.Join(dir, curveFile), []byte(content), 0o666))
		if got := f.LiveCurve(trial); len(got) != points {
			t.Errorf("%q: %d points, want %d", content, len(got), points)
		}
	}
}

// BenchmarkLiveCurve is what it takes to keep the curve of a trial of ten evaluations on
// disk while it trains, in a unit of eight.
func BenchmarkLiveCurve(b *testing.B) {
	plan := smallPlan()
	f, err := Create(b.TempDir(), plan)
	must(b, err)
	must(b, f.makeTrialDirs(plan.Trials))
	held, err := (&claim.Watch{Path: filepath.Join(f.TrialDir(plan.Trials[0]), claimFile)}).Try(1000, func() {})
	must(b, err)
	defer held.Release()
	for b.Loop() {
		l := f.liveCurves(plan.Trials, held)
		for step := range 11 {
			for j := range plan.Trials {
				l.add(j, train.Point{Step: step + 1, Epoch: 0.123456789, Eta: 0.0123456789, Metrics: train.Metrics{TrainLoss: 1.23456789, ValLoss: 1.23456789, ValAcc: 0.45678}})
			}
		}
		l.close()
	}
	b.ReportMetric(b.Elapsed().Seconds()*1e6/float64(b.N*len(plan.Trials)), "µs/trial")
}
