package experiment

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"bnlab/blas"
)

// inOrder lets units end in a given order, each of them training on a worker of its
// own.
func inOrder(units []int) observer {
	ended := make([]chan struct{}, len(units))
	for i := range ended {
		ended[i] = make(chan struct{})
	}
	return observer{
		start: func(trials []Trial) {
			if at := slices.Index(units, trials[0].Unit); at > 0 {
				<-ended[units[at-1]]
			}
		},
		done: func(outcomes []Outcome) { close(ended[outcomes[0].Trial.Unit]) },
	}
}

// TestRunOrder: in whatever order units end, the outcomes are in the plan's order, and
// bit-identical to those of one worker.
func TestRunOrder(t *testing.T) {
	plan := smallPlan()
	one := runner(t, nil)
	one.Workers = 1
	want := timeless(runAll(t, one, plan))
	for i, o := range want {
		if o.Trial.ID != plan.Trials[i].ID || o.Result.Final == nil || len(o.Curve) == 0 {
			t.Errorf("outcome %d: %+v", i, o)
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 5 {
		r, order := runner(t, nil), random.Perm(len(plan.Units()))
		r.Workers, r.Observer = len(order), inOrder(order)
		same(t, want, timeless(runAll(t, r, plan)), "units that end in the order %v", order)
	}
}

// TestRunPanic: a panic in the data fails the unit that read them, whose outcomes say
// where. The next run retries only those.
func TestRunPanic(t *testing.T) {
	for name, workers := range map[string]int{"in turn": 1, "ahead": 16} {
		t.Run(name, func(t *testing.T) { testRunPanic(t, workers) })
	}
}

func testRunPanic(t *testing.T, workers int) {
	f := create(t, t.TempDir(), smallPlan())
	r := runner(t, f)
	r.Workers = workers
	var once sync.Once
	r.Data = sets{onTrain: func() { once.Do(func() { panic("bad disk") }) }}.data()
	outcomes := runAll(t, r, f.Plan)
	var unlucky []string
	for _, o := range outcomes {
		switch {
		case o.Error == "" && o.Result.Final == nil:
			t.Errorf("%s has no result", o.Trial.ID)
		case o.Error != "":
			unlucky = append(unlucky, o.Trial.ID)
			if !strings.HasPrefix(o.Error, "panic: bad disk\n") || !strings.Contains(o.Error, "Gather") {
				t.Errorf("%s: error %q", o.Trial.ID, o.Error)
			}
		}
	}
	summary := Summarize(f.Plan, outcomes)
	if len(unlucky) != 2 || !slices.Equal(summary.Failed, unlucky) || !errors.Is(summary.Err(), ErrTrials) {
		t.Fatalf("failed: %v, in the summary %v", unlucky, summary.Failed)
	}

	again, trained := runAgain(t, runner(t, f), f.Plan)
	if !slices.Equal(trained, unlucky) {
		t.Errorf("trained again: %v, want %v", trained, unlucky)
	}
	want := timeless(runAll(t, runner(t, nil), f.Plan))
	same(t, want, timeless(again), "after the second run")
}

// TestRunDiverged: a diverged trial is a result. It is not tried again, and does
// not stop its neighbours.
func TestRunDiverged(t *testing.T) {
	trials := ofLambdas(small(), []float64{0.001}, 4)
	for i := range trials {
		trials[i].Config.BN = false
	}
	trials[1].Config.EtaMax = 1e30
	f := create(t, t.TempDir(), planOf(trials, 2))
	outcomes := runAll(t, runner(t, f), f.Plan)
	s := Summarize(f.Plan, outcomes)
	if !slices.Equal(s.Diverged, []string{trials[1].ID}) || s.Groups[0].N != 3 || s.Groups[0].Diverged != 1 || s.Err() != nil {
		t.Fatalf("%+v, error %v", s, s.Err())
	}
	again, trained := runAgain(t, runner(t, f), f.Plan)
	if diff := cmp.Diff(outcomes, again); diff != "" || trained != nil {
		t.Errorf("second run: trained %v; −first +second\n%s", trained, diff)
	}
}

// TestRunCancel: what is finished when the context ends is kept, on disk too, and the
// next run ends like an undisturbed one.
func TestRunCancel(t *testing.T) {
	plan := smallPlan()
	for i := range plan.Trials {
		plan.Trials[i].Config.NS = 25 // 100 steps
	}
	want := timeless(runAll(t, runner(t, nil), plan))
	for _, v := range []struct{ done, steps, workers, least, most int }{ // cancelled after so many units, or steps of one
		{0, 50, 1, 0, 0}, // in the middle of the first unit
		{0, 50, 2, 0, 0},
		{1, 0, 1, 2, 4}, // while a worker writes a unit, the next may end
		{1, 0, 2, 2, 8},
		{2, 0, 1, 4, 6},
		{4, 0, 2, 8, 8}, // after the last one
	} {
		f := create(t, t.TempDir(), plan)
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		r := runner(t, f)
		var units atomic.Int32
		r.Workers, r.Observer = v.workers, observer{
			progress: func(steps int) {
				if v.steps > 0 && steps >= v.steps {
					cancel()
				}
			},
			done: func([]Outcome) {
				if int(units.Add(1)) == v.done {
					cancel()
				}
			},
		}
		outcomes, err := r.Run(ctx, f.Plan)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%+v: error %v", v, err)
		}
		outcomes = withCurves(t, r, outcomes)
		ran := 0
		for i, o := range timeless(outcomes) {
			if !o.Done() {
				continue
			}
			ran++
			same(t, want[i], o, "%+v: kept", v)
		}
		if ran < v.least || ran > v.most {
			t.Errorf("%+v: %d trials kept", v, ran)
		}
		onDisk, err := f.Outcomes(func(err error) { t.Error(err) })
		if diff := cmp.Diff(outcomes, withCurves(t, runner(t, f), onDisk)); err != nil || diff != "" {
			t.Errorf("%+v: on disk (error %v) −kept +there\n%s", v, err, diff)
		}
		same(t, want, timeless(runAll(t, runner(t, f), f.Plan)), "%+v: in the end", v)
	}
}

// TestRunWritesMeanwhile: a worker trains the next unit while the outcomes of the one
// before are written, and no further one until they are.
func TestRunWritesMeanwhile(t *testing.T) {
	f := create(t, t.TempDir(), planOf(seeded("g", small(), 4), 1))
	var begun, written atomic.Int32
	second := make(chan struct{})
	r := runner(t, f)
	r.Workers, r.Observer = 1, observer{
		start: func([]Trial) {
			if ahead := begun.Add(1) - written.Load(); ahead > 2 {
				t.Errorf("%d units are not written", ahead)
			}
			if begun.Load() == 2 {
				close(second)
			}
		},
		done: func(outcomes []Outcome) {
			if outcomes[0].Trial.ID == f.Plan.Trials[0].ID {
				select {
				case <-second:
				case <-time.After(10 * time.Second):
					t.Error("the second unit waits")
				}
				time.Sleep(50 * time.Millisecond) // in which a third would begin
			}
			written.Add(1)
		},
	}
	want := timeless(runAll(t, runner(t, nil), f.Plan))
	same(t, want, timeless(runAll(t, r, f.Plan)), "outcomes")
	noClaims(t, f)
}

// TestRunSaveError: if a record cannot be written the run stops.
func TestRunSaveError(t *testing.T) {
	f := create(t, t.TempDir(), smallPlan())
	bad := f.Plan.Trials[2]
	r := runner(t, f)
	var blocked error
	r.Workers, r.Observer = 1, observer{start: func([]Trial) { blocked = os.WriteFile(f.TrialDir(bad), nil, 0o666) }}
	outcomes, err := r.Run(context.Background(), f.Plan)
	must(t, blocked)
	if !errors.Is(err, syscall.ENOTDIR) || !strings.Contains(err.Error(), bad.ID) {
		t.Errorf("error %v", err)
	}
	for i, o := range outcomes {
		if o.Done() != (i < 2) {
			t.Errorf("%s done: %v", f.Plan.Trials[i].ID, o.Done())
		}
	}
}

// TestRunAhead: those with a unit prefetch if the workers without one leave enough cores;
// the outcomes are the same.
func TestRunAhead(t *testing.T) {
	threads := max(1, blas.Current().Threads)
	plan := planOf(seeded("g", small(), 4), 2) // two units
	want := timeless(runAll(t, runner(t, nil), plan))
	for _, v := range []struct {
		workers int // for two units
		ahead   bool
	}{
		{1, false}, {2, false}, {3, threads > 1}, {4, true}, {8, true},
	} {
		var ahead atomic.Bool
		r := runner(t, nil)
		r.Workers = v.workers
		r.Data = sets{onTrain: func() {
			if bytes.Contains(debug.Stack(), []byte("newBatches")) { // on a goroutine of its own
				ahead.Store(true)
			}
		}}.data()
		got := timeless(runAll(t, r, plan))
		if ahead.Load() != v.ahead {
			t.Errorf("%d workers, %d threads each: ahead %v", v.workers, threads, ahead.Load())
		}
		same(t, want, got, "%d workers", v.workers)
	}
}
