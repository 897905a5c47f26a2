package dashboard

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"bnlab/train"
	"bnlab/train/claim"
	"bnlab/train/experiment"
)

func must(t testing.TB, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

var dataset = experiment.Dataset{Name: "synthetic", Digest: "made up for a test"}

// trialsOf returns so many trials in groups of five seeds, of the given name.
func trialsOf(n int, group string) (trials []experiment.Trial) {
	c := train.Default()
	c.NS, c.Cycles, c.Evals = 450, 2, 10
	for i := range n {
		c.Seed = uint64(i%5 + 1)
		c.Lambda = math.Pow(10, -1-4*float64(i/5)/float64(n))
		name := fmt.Sprintf("%s lambda=%.3g", group, c.Lambda)
		trials = append(trials, experiment.Trial{ID: fmt.Sprintf("lambda-%d-seed%d", i/5, c.Seed), Group: name, Config: c})
	}
	return trials
}

// points are a curve like real ones, up to a share of the whole.
func points(t experiment.Trial, share float64) (curve []train.Point) {
	noise := rand.New(rand.NewPCG(t.Config.Seed, math.Float64bits(t.Config.Lambda)))
	of := t.Config.Steps()
	for step := 1; float64(step) <= share*float64(of); step += 45 {
		x := float64(step) / float64(of)
		loss := 1.3 + math.Exp(-4*x) + 0.02*noise.NormFloat64()
		acc := 0.55 - 0.4*math.Exp(-5*x) + 0.01*noise.NormFloat64()
		m := train.Metrics{TrainLoss: loss, TrainCost: loss + 1, TrainAcc: acc, ValLoss: loss + 0.1, ValCost: loss + 1, ValAcc: acc}
		curve = append(curve, train.Point{Step: step, Epoch: x, Eta: 0.01, Metrics: m})
	}
	return curve
}

// folder makes a run folder of trials of which the first are done and the next in training,
// in units of one.
func folder(t testing.TB, trials []experiment.Trial, done, training int) *experiment.Folder {
	t.Helper()
	plan := &experiment.Plan{Format: experiment.Format, Experiment: "rates", Dataset: dataset, Program: "v1", Trials: trials}
	plan.Fuse(1, 1)
	f, err := experiment.Create(filepath.Join(t.TempDir(), "run"), plan)
	must(t, err)
	must(t, os.MkdirAll(filepath.Join(f.Dir, "trials"), 0o777))
	for _, trial := range plan.Trials[:done] {
		finish(t, f, trial)
	}
	for i, trial := range plan.Trials[done : done+training] {
		begin(t, f, trial, (float64(i)+1)/float64(training+1))
	}
	return f
}

// finish saves the record of a trial.
func finish(t testing.TB, f *experiment.Folder, trial experiment.Trial) {
	t.Helper()
	origin := experiment.StartNow("v1", dataset, train.F32)
	origin.EndNow()
	curve := points(trial, 1)
	last := &curve[len(curve)-1]
	last.Step = trial.Config.Steps()
	final := &train.Final{Metrics: last.Metrics, TestMetrics: &train.TestMetrics{TestLoss: 1.4, TestCost: 1.5, TestAcc: last.ValAcc}}
	o := experiment.Outcome{Origin: origin, Trial: trial, Curve: curve,
		Result: train.Result{Steps: last.Step, Final: final, TrainSeconds: 20, EvalSeconds: 1}}
	must(t, f.Save(experiment.Record{Format: experiment.Format, Outcome: o}))
}

// begin claims a trial for this process, and writes its curve up to a share of the whole.
func begin(t testing.TB, f *experiment.Folder, trial experiment.Trial, share float64) {
	t.Helper()
	dir := f.TrialDir(trial)
	must(t, os.MkdirAll(dir, 0o777))
	held, err := (&claim.Watch{Path: filepath.Join(dir, "claim")}).Try(trial.Config.Steps(), func() {})
	must(t, err)
	t.Cleanup(held.Release)
	held.Progress(int(share * float64(trial.Config.Steps())))
	grow(t, f, trial, share)
}

// grow writes the curve of a trial in training.
func grow(t testing.TB, f *experiment.Folder, trial experiment.Trial, share float64) {
	t.Helper()
	file, err := os.Create(filepath.Join(f.TrialDir(trial), "curve.jsonl"))
	must(t, err)
	defer file.Close()
	for _, p := range points(trial, share) {
		must(t, json.NewEncoder(file).Encode(p))
	}
}

// serve serves the page of a folder, which is looked at when look is called.
func serve(t *testing.T, dir string) (d *Dashboard, url string) {
	t.Helper()
	d, err := New(dir)
	must(t, err)
	at, err := Listen("127.0.0.1:0")
	must(t, err)
	server := httptest.NewUnstartedServer(d.Handler(at))
	server.Listener.Close()
	server.Listener = at
	server.Start()
	t.Cleanup(server.Close)
	return d, at.URL()
}
