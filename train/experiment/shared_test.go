package experiment

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bnlab/train"
)

// TestRunSecond: a run that another one overtakes changes none of its records, ends
// with them, and says of each trial whether its own result is equal, and what differs.
func TestRunSecond(t *testing.T) {
	for name, v := range map[string]struct {
		change func(*Runner)
		equal  bool
		says   string
	}{
		"the same":        {func(*Runner) {}, true, "the result here is equal"},
		"another program": {func(r *Runner) { r.Program = "v2" }, true, "the result here is equal: program version v1, here v2"},
		"other bits":      {func(r *Runner) { r.Data = sets{other: 1}.data() }, false, "the result here is different: final.test_acc is 0."},
		"other both": {func(r *Runner) { r.Program, r.Data = "v2", sets{other: 1}.data() }, false,
			"the result here is different: program version v1, here v2, final.test_acc is 0."},
		"failed": {func(r *Runner) { r.Data = sets{onTrain: func() { panic("bad disk") }}.data() }, false,
			"the result here is different: here it failed: panic: bad disk"},
	} {
		t.Run(name, func(t *testing.T) {
			f := create(t, t.TempDir(), smallPlan())
			var first []Outcome
			var before map[string]string
			r := runner(t, f)
			v.change(&r)
			overtake := sync.OnceFunc(func() { // another process trains the whole plan, though it is claimed
				must(t, os.Remove(filepath.Join(f.TrialDir(f.Plan.Trials[0]), claimFile)))
				first = runAll(t, runner(t, f), f.Plan)
				before = snapshot(t, f.Dir)
			})
			r.Workers, r.Observer = 1, observer{start: func([]Trial) { overtake() }}
			var told []string
			r.Warn = func(err error) {
				other, ok := err.(*SecondError)
				if !ok || other.Equal != v.equal || !strings.HasPrefix(err.Error(), other.Trial+": another process finished first, and its record is kept; "+v.says) {
					t.Errorf("warned: %v", err)
				}
				told = append(told, other.Trial)
			}
			got := runAll(t, r, f.Plan)
			same(t, first, got, "outcomes")
			same(t, before, snapshot(t, f.Dir), "written again")
			if !slices.Equal(told, ids(f.Plan.Trials[:2])) { // those that were in training
				t.Errorf("told of %v", told)
			}
		})
	}
}

// TestSecond: each number in which two results may differ is noticed, even one only in
// the curve; times do not count.
func TestSecond(t *testing.T) {
	trial := smallPlan().Trials[0]
	for name, v := range map[string]struct {
		change func(*Outcome)
		equal  bool
		says   string
	}{
		"times":    {func(o *Outcome) { o.Result.TrainSeconds++; o.Result.EvalSeconds++ }, true, ""},
		"kernel":   {func(o *Outcome) { o.Backend.Core = "other" }, true, ": kernel "},
		"threads":  {func(o *Outcome) { o.Backend.Threads = 7 }, true, ", here 7"},
		"loss":     {func(o *Outcome) { o.Result.Final.ValLoss += 1e-16 }, false, "final.val_loss is"},
		"steps":    {func(o *Outcome) { o.Result.Steps-- }, false, "steps is 24, here 23"},
		"diverged": {func(o *Outcome) { o.Result.Diverged = true }, false, "diverged is false, here true"},
		"curve":    {func(o *Outcome) { o.Curve[0].Eta++ }, false, "the curve, from evaluation 1 on"},
		"points":   {func(o *Outcome) { o.Curve = append(o.Curve, o.Curve[0]) }, false, "the curve, from evaluation 2 on"},
	} {
		there, here := record(finished(trial, 0.5, 0.25)), record(finished(trial, 0.5, 0.25))
		there.Origin = here.Origin
		if e := compareOutcomes(there.Outcome, here.Outcome); e != nil {
			t.Errorf("of its own record: %v", e)
		}
		v.change(&here.Outcome)
		here.End.Time = here.End.AddDate(0, 0, 1)
		if e := compareOutcomes(there.Outcome, here.Outcome); e == nil || e.Equal != v.equal || !strings.Contains(e.Error(), v.says) {
			t.Errorf("%s: %v", name, e)
		}
	}
}

// TestRunAtOnce: several processes that train all of a plan in one folder, all
// the same trials, end each with the outcomes of one alone, and leave its records.
func TestRunAtOnce(t *testing.T) {
	plan := long(train.F32)
	want := timeless(runAll(t, runner(t, nil), plan))
	for range 5 {
		f := interruptedFolder(t, plan)
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				r := runner(t, f)
				outcomes, err := r.Run(t.Context(), plan)
				if diff := cmp.Diff(want, timeless(withCurves(t, r, outcomes))); err != nil || diff != "" {
					t.Errorf("error %v (-want +got):\n%s", err, diff)
				}
			})
		}
		all.Wait()
		onDisk, err := f.Outcomes(func(err error) { t.Error(err) })
		if diff := cmp.Diff(want, timeless(withCurves(t, runner(t, f), onDisk))); err != nil || diff != "" {
			t.Errorf("on disk (error %v, -want +got):\n%s", err, diff)
		}
		onlyRecords(t, f)
	}
}

// TestRunPart: the units to train can be selected, and two processes that share a
// folder together do what one does alone.
func TestRunPart(t *testing.T) {
	plan := smallPlan()
	want := timeless(runAll(t, runner(t, nil), plan))
	f := create(t, t.TempDir(), plan)
	var both sync.WaitGroup
	for part := range 2 {
		both.Go(func() {
			r := runner(t, f)
			r.Only = func(unit []Trial) bool { return unit[0].Unit%2 == part }
			outcomes, err := r.Run(context.Background(), plan)
			if err != nil {
				t.Error(err)
			}
			for i, o := range outcomes {
				if mine := plan.Trials[i].Unit%2 == part; mine && !o.Done() {
					t.Errorf("part %d has not trained %s", part, plan.Trials[i].ID)
				}
			}
		})
	}
	both.Wait()
	got, trained := runAgain(t, runner(t, f), plan)
	if diff := cmp.Diff(want, timeless(got)); diff != "" || trained != nil {
		t.Errorf("together; trained again: %v (-want +got):\n%s", trained, diff)
	}
}

// TestRunRestOfUnit: a trial that has lost its record is trained again beside the
// same neighbours and comes out the same to the last bit, in single precision
// too. Nothing is written of the neighbours.
func TestRunRestOfUnit(t *testing.T) {
	for _, precision := range []train.Precision{train.F32, train.F64} {
		c := small()
		c.Precision = precision
		f := create(t, t.TempDir(), planOf(ofLambdas(c, []float64{0.001, 0.01}, 3), 3))
		first := runAll(t, runner(t, f), f.Plan)
		for i, lost := range f.Plan.Trials {
			must(t, os.Remove(filepath.Join(f.TrialDir(lost), resultFile)))
			before := snapshot(t, f.Dir)
			second := runAll(t, runner(t, f), f.Plan)
			same(t, timeless(first), timeless(second), "%s lost and trained again, %s", lost.ID, precision)
			for path, file := range snapshot(t, f.Dir) {
				if !strings.Contains(path, lost.ID) && file != before[path] {
					t.Errorf("%s is written again for %s", path, lost.ID)
				}
			}
			first[i] = second[i] // its times are new
		}
	}
}
