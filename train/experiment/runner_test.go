package experiment

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// ordered is an Observer that lets units end in a given order, each of them
// training on a worker of its own.
type ordered struct {
	quiet
	before map[int]int // unit that must have ended before this one begins
	ended  map[int]chan struct{}
}

func newOrdered(units []int) *ordered {
	o := &ordered{before: map[int]int{}, ended: map[int]chan struct{}{}}
	for i, unit := range units {
		o.ended[unit] = make(chan struct{})
		if i > 0 {
			o.before[unit] = units[i-1]
		}
	}
	return o
}

func (o *ordered) Start(trials []Trial) {
	if first, ok := o.before[trials[0].Unit]; ok {
		<-o.ended[first]
	}
}

func (o *ordered) Done(outcomes []Outcome) { close(o.ended[outcomes[0].Trial.Unit]) }

// TestRunOrder: in whatever order units end, the outcomes are in the plan's, and
// the same to the last bit as those of one worker.
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
		r.Workers, r.Observer = len(order), newOrdered(order)
		if diff := cmp.Diff(want, timeless(runAll(t, r, plan))); diff != "" {
			t.Errorf("units that end in the order %v (-want +got):\n%s", order, diff)
		}
	}
}

// TestRunPanic: a panic in the data costs the unit that read them, whose outcomes
// tell where. The next run tries those again, and those alone.
func TestRunPanic(t *testing.T) {
	for name, cores := range map[string]int{"in turn": 0, "ahead": math.MaxInt} {
		t.Run(name, func(t *testing.T) { testRunPanic(t, cores) })
	}
}

func testRunPanic(t *testing.T, cores int) {
	f := create(t, t.TempDir(), smallPlan())
	r := runner(t, f)
	r.Cores = cores
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

	watch := &started{}
	r = runner(t, f)
	r.Observer = watch
	again := runAll(t, r, f.Plan)
	if !slices.Equal(watch.ids, unlucky) {
		t.Errorf("trained again: %v, want %v", watch.ids, unlucky)
	}
	want := timeless(runAll(t, runner(t, nil), f.Plan))
	if diff := cmp.Diff(want, timeless(again)); diff != "" {
		t.Errorf("after the second run (-want +got):\n%s", diff)
	}
}

// started is an Observer that notes what is trained.
type started struct {
	quiet
	mu  sync.Mutex
	ids []string
}

func (s *started) Start(trials []Trial) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ids = append(s.ids, ids(trials)...)
}

// TestRunDiverged: a diverged trial is a result. It is not tried again, and does
// not stop its neighbours.
func TestRunDiverged(t *testing.T) {
	trials := Search(small(), []float64{0.001}, 4)
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
	watch := &started{}
	r := runner(t, f)
	r.Observer = watch
	if diff := cmp.Diff(outcomes, runAll(t, r, f.Plan)); diff != "" || watch.ids != nil {
		t.Errorf("second run: trained %v; −first +second\n%s", watch.ids, diff)
	}
}

// canceller is an Observer that ends the context at a certain event.
type canceller struct {
	quiet
	cancel      func()
	done, steps int // units done, or steps of a unit; 0 for none
	mu          sync.Mutex
}

func (c *canceller) Progress(_ []Trial, steps int) {
	if c.steps > 0 && steps >= c.steps {
		c.cancel()
	}
}

func (c *canceller) Done([]Outcome) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.done--; c.done == 0 {
		c.cancel()
	}
}

// TestRunCancel: what is finished when the context ends is kept, on disk too,
// and the next run makes of it what an undisturbed one does.
func TestRunCancel(t *testing.T) {
	plan := smallPlan()
	for i := range plan.Trials {
		plan.Trials[i].Config.NS = 25 // 100 steps
	}
	want := timeless(runAll(t, runner(t, nil), plan))
	for _, v := range []struct{ done, steps, workers, least, most int }{
		{0, 50, 1, 0, 0}, // in the middle of the first unit
		{0, 50, 2, 0, 0},
		{1, 0, 1, 2, 2},
		{1, 0, 2, 2, 4},
		{2, 0, 1, 4, 4},
		{4, 0, 2, 8, 8}, // after the last one
	} {
		f := create(t, t.TempDir(), plan)
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		r := runner(t, f)
		r.Workers, r.Observer = v.workers, &canceller{cancel: cancel, done: v.done, steps: v.steps}
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
			if diff := cmp.Diff(want[i], o); diff != "" {
				t.Errorf("%+v: kept (-want +got):\n%s", v, diff)
			}
		}
		if ran < v.least || ran > v.most {
			t.Errorf("%+v: %d trials kept", v, ran)
		}
		onDisk, err := f.Outcomes(func(err error) { t.Error(err) })
		if diff := cmp.Diff(outcomes, withCurves(t, runner(t, f), onDisk)); err != nil || diff != "" {
			t.Errorf("%+v: on disk (error %v) −kept +there\n%s", v, err, diff)
		}
		if diff := cmp.Diff(want, timeless(runAll(t, runner(t, f), f.Plan))); diff != "" {
			t.Errorf("%+v: in the end (-want +got):\n%s", v, diff)
		}
	}
}

// blocker is an Observer that makes the record of a trial impossible to write.
type blocker struct {
	quiet
	t    *testing.T
	path string // where the folder of the trial should be
	once sync.Once
}

func (b *blocker) Start([]Trial) {
	b.once.Do(func() {
		if err := errors.Join(os.MkdirAll(filepath.Dir(b.path), 0o777), os.WriteFile(b.path, nil, 0o666)); err != nil {
			b.t.Error(err)
		}
	})
}

// TestRunSaveError: where a record cannot be written the run stops, before there is
// one.
func TestRunSaveError(t *testing.T) {
	f := create(t, t.TempDir(), smallPlan())
	bad := f.Plan.Trials[2]
	r := runner(t, f)
	r.Workers, r.Observer = 1, &blocker{t: t, path: f.TrialDir(bad)}
	outcomes, err := r.Run(context.Background(), f.Plan)
	if !errors.Is(err, syscall.ENOTDIR) || !strings.Contains(err.Error(), bad.ID) {
		t.Errorf("error %v", err)
	}
	for i, o := range outcomes {
		if o.Done() != (i < 2) {
			t.Errorf("%s done: %v", f.Plan.Trials[i].ID, o.Done())
		}
	}
}
