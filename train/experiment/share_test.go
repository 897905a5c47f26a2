package experiment

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bnlab/train"
	"bnlab/train/atomicfile"
	"bnlab/train/checkpoint"
	"bnlab/train/claim"
)

// timing sets the times of claims for a test.
func timing(t *testing.T, beat, patience time.Duration) {
	b, p := claim.Beat, claim.Patience
	claim.Beat, claim.Patience = beat, patience
	t.Cleanup(func() { claim.Beat, claim.Patience = b, p })
}

// until waits until done says so.
func until(t *testing.T, done func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !done(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("waited in vain")
		}
	}
}

// far is a process of another machine.
var far = claim.Holder{Host: "far", Machine: "another boot", Process: 7, Started: "8"}

// foreign is a claim as a process of another machine writes it.
type foreign struct {
	path string
	claim.Claim
}

// claimedBy claims the unit of a trial for a process.
func claimedBy(t *testing.T, f *Folder, first Trial, h claim.Holder) *foreign {
	t.Helper()
	dir, err := f.makeTrialDir(first)
	must(t, err)
	c := &foreign{filepath.Join(dir, claimFile), claim.Claim{Format: claim.Format, Token: "another", Holder: h, Since: time.Now().UTC()}}
	c.Of = first.Config.Steps()
	c.write(t)
	return c
}

func (c *foreign) write(t *testing.T) {
	t.Helper()
	text, err := json.Marshal(c.Claim)
	must(t, err)
	must(t, atomicfile.Write(c.path, text))
}

// beats writes beats until done says so.
func (c *foreign) beats(t *testing.T, done func() bool) {
	until(t, func() bool {
		c.Beat++
		c.write(t)
		return done()
	})
}

// noClaims fails the test where a claim, or part of one, is left.
func noClaims(t *testing.T, f *Folder) {
	t.Helper()
	if left := files(t, f, "claim*"); len(left) > 0 {
		t.Errorf("left %v", left)
	}
}

// counted counts how often units are trained, by their first trials.
type counted struct {
	mu    sync.Mutex
	units map[string]int
}

func (c *counted) start(trials []Trial) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.units == nil {
		c.units = map[string]int{}
	}
	c.units[trials[0].ID]++
}

// TestRunShared: eight processes on one folder, without shards, train each unit once and
// end each with the outcomes of one alone.
func TestRunShared(t *testing.T) {
	timing(t, 50*time.Millisecond, time.Hour)
	plan := planOf(seeded("g", small(), 40), 1)
	want := timeless(runAll(t, runner(t, nil), plan))
	f := create(t, t.TempDir(), plan)
	var trained counted
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			r := runner(t, f)
			r.Warn = func(err error) { t.Errorf("warned: %v", err) } // of no second result
			r.Workers, r.Observer = 1, observer{start: trained.start}
			outcomes, err := r.Run(t.Context(), plan)
			must(t, err)
			same(t, want, timeless(withCurves(t, r, outcomes)), "outcomes")
		})
	}
	all.Wait()
	for _, trial := range plan.Trials {
		if n := trained.units[trial.ID]; n != 1 {
			t.Errorf("%s is trained %d times", trial.ID, n)
		}
	}
	onlyRecords(t, f)
}

// TestRunDeadHolder: the unit of a process of this machine that has ended is taken over
// at once, and goes on from its checkpoint.
func TestRunDeadHolder(t *testing.T) {
	timing(t, 50*time.Millisecond, time.Hour)
	plan := long(train.F32)
	want := timeless(runAll(t, runner(t, nil), plan))
	f := interruptedFolder(t, plan)
	c := claimedBy(t, f, plan.Trials[0], holderHere(t))
	c.Started = "1" // another process had the number of this one
	c.write(t)
	outcomes, _, from := interruptedRun(t, f, 1000)
	same(t, want, timeless(outcomes), "outcomes")
	if from[len(from)-1] == 0 {
		t.Errorf("units begin at steps %v", from)
	}
	onlyRecords(t, f)
}

// holderHere returns this process, as its claims name it.
func holderHere(t *testing.T) claim.Holder {
	t.Helper()
	w := claim.Watch{Path: filepath.Join(t.TempDir(), "claim")}
	held, err := w.Try(1, func() {})
	must(t, err)
	defer held.Release()
	_, err = w.Look()
	must(t, err)
	if w.Claim().Machine == "" {
		t.Skip("this system does not tell its boot")
	}
	return w.Claim().Holder
}

// TestRunForeign: a unit claimed by another machine is left alone while its claim changes,
// and waited for; when it does not any more, it is taken over.
func TestRunForeign(t *testing.T) {
	timing(t, 10*time.Millisecond, 300*time.Millisecond)
	f, first := createSmall(t)
	want := timeless(runAll(t, runner(t, nil), f.Plan))
	c := claimedBy(t, f, first, far)
	var stopped, told atomic.Bool
	r := runner(t, f)
	r.Observer = observer{
		start: func(trials []Trial) {
			if trials[0].ID == first.ID && !stopped.Load() {
				t.Error("trained while another does")
			}
		},
		waiting: func(claims []Claim) {
			told.Store(true)
			if len(claims) != 1 || claims[0].Trial != first.ID || claims[0].Trials != 2 || claims[0].Holder() != "process 7 on far" {
				t.Errorf("waits for %+v", claims)
			}
		},
	}
	ended := make(chan []Outcome)
	go func() { ended <- runAll(t, r, f.Plan) }()
	end := time.Now().Add(600 * time.Millisecond)
	c.beats(t, func() bool { return told.Load() && time.Now().After(end) })
	stopped.Store(true)
	same(t, want, timeless(<-ended), "outcomes")
	onlyRecords(t, f)
}

// TestRunForeignStops: a claim that is abandoned while others train is taken over without
// further waiting.
func TestRunForeignStops(t *testing.T) {
	timing(t, 10*time.Millisecond, 200*time.Millisecond)
	f, first := createSmall(t)
	claimedBy(t, f, first, far)
	r := runner(t, f)
	r.Workers = 1
	r.Data = sets{onTrain: sync.OnceFunc(func() { time.Sleep(time.Second) })}.data()
	r.Observer = observer{waiting: func([]Claim) { t.Error("waits") }}
	runAll(t, r, f.Plan)
	onlyRecords(t, f)
}

// TestRunForeignEnds: the records of another process are taken when its claim is gone,
// even those of a failed unit, which is not tried again by each that waits.
func TestRunForeignEnds(t *testing.T) {
	timing(t, 10*time.Millisecond, time.Hour)
	for name, fail := range map[string]bool{"done": false, "failed": true} {
		t.Run(name, func(t *testing.T) {
			f, first := createSmall(t)
			want := runAll(t, runner(t, nil), f.Plan)
			for i := range want[:2] {
				if fail {
					want[i] = failed(want[i].Trial)
					want[i].Origin = StartNow("v1", testData, train.F32)
					must(t, f.Save(record(want[i]))) // an earlier one
				}
				want[i].Origin.Host = "far"
			}
			c := claimedBy(t, f, first, far)
			r := runner(t, f)
			var waits atomic.Bool
			r.Observer = observer{
				waiting: func([]Claim) { waits.Store(true) },
				start: func(trials []Trial) {
					if trials[0].ID == first.ID {
						t.Error("trained again")
					}
				},
			}
			ended := make(chan []Outcome)
			go func() { ended <- runAll(t, r, f.Plan) }()
			until(t, waits.Load)
			for _, o := range want[:2] {
				_, err := f.Keep(Record{Format: Format, Outcome: o})
				must(t, err)
			}
			os.Remove(c.path) // unless it is gone: the unit is done
			got := timeless(<-ended)
			for i, o := range got[:2] {
				if o.Host != "far" || (o.Error != "") != fail {
					t.Errorf("%s: %+v", want[i].Trial.ID, o)
				}
			}
			same(t, timeless(want)[2:], got[2:], "the others")
			if !fail {
				onlyRecords(t, f)
			}
		})
	}
}

// TestRunTaken: a process whose unit another has taken over gives it up with one warning,
// and writes nothing more; it takes it back should the other die.
func TestRunTaken(t *testing.T) {
	timing(t, 10*time.Millisecond, time.Hour)
	plan := long(train.F32)
	want := timeless(runAll(t, runner(t, nil), plan))
	f := create(t, t.TempDir(), plan)
	first := plan.Trials[0]
	var c *foreign
	var before map[string]string
	var warned []string
	dead := holderHere(t)
	dead.Started = "1"
	r := runner(t, f)
	starts, taken := 0, 0
	r.Workers = 1
	r.Data = sets{onTrain: atCall(40, func() {
		until(t, func() bool { return !checkpoint.Saving() })
		c = claimedBy(t, f, first, far)
		before = snapshot(t, f.Dir)
		time.Sleep(10 * claim.Beat)
	})}.data()
	r.Warn = func(err error) { warned = append(warned, err.Error()) }
	r.Observer = observer{
		start: func([]Trial) { starts++ },
		taken: func(trials []Trial) {
			taken++
			same(t, before, snapshot(t, f.Dir), "written after another has taken over")
			c.Holder = dead
			c.write(t)
		},
	}
	outcomes, err := r.Run(t.Context(), plan)
	must(t, err)
	same(t, want, timeless(withCurves(t, r, outcomes)), "outcomes")
	says := []string{first.ID + ": this process did not run for a while; process 7 on far has taken over its training and goes on with it"}
	if starts != len(plan.Units())+1 || taken != 1 || len(warned) != 1 {
		t.Errorf("%d starts, %d taken, warned %q, want %q", starts, taken, warned, says)
	}
	onlyRecords(t, f)
}

// states counts the states that it is to keep.
type states struct {
	train.Checkpointer
	kept int
}

func (s *states) Keep(train.State) { s.kept++ }

// TestGuarded: a checkpoint is written while the claim is held, and not once it is lost.
func TestGuarded(t *testing.T) {
	timing(t, 5*time.Millisecond, time.Hour)
	w, s := claim.Watch{Path: filepath.Join(t.TempDir(), "claim")}, &states{Checkpointer: train.Discard}
	held, err := w.Try(1, func() {})
	must(t, err)
	g := guarded{s, held}
	g.Keep(train.State{})
	must(t, os.Remove(w.Path))
	until(t, func() bool { return !held.Mine() })
	g.Keep(train.State{})
	if s.kept != 1 {
		t.Errorf("%d kept", s.kept)
	}
}

// TestRunTakenAtEnd: what is taken over just before its end is not written either.
func TestRunTakenAtEnd(t *testing.T) {
	timing(t, 10*time.Millisecond, time.Hour)
	f, first := createSmall(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	r := runner(t, f)
	var told []string
	r.Warn = func(err error) { told = append(told, err.Error()); stop() }
	r.Workers = 1
	r.Data = sets{onTest: sync.OnceFunc(func() {
		claimedBy(t, f, first, far)
		time.Sleep(10 * claim.Beat)
	})}.data()
	if _, err := r.Run(ctx, f.Plan); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if _, err := os.Stat(filepath.Join(f.TrialDir(first), resultFile)); err == nil || len(told) != 1 || !strings.Contains(told[0], "process 7 on far") {
		t.Errorf("there is a record; told %q", told)
	}
}

// TestRunWaitInterrupted: a run that waits for others ends when it is interrupted.
func TestRunWaitInterrupted(t *testing.T) {
	timing(t, time.Hour, 2*time.Hour)
	f, first := createSmall(t)
	claimedBy(t, f, first, far)
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	r := runner(t, f)
	r.Workers, r.Observer = 1, observer{waiting: func([]Claim) { interrupt() }}
	outcomes, err := r.Run(ctx, f.Plan)
	if !errors.Is(err, context.Canceled) || outcomes[0].Done() || !outcomes[7].Done() {
		t.Errorf("error %v", err)
	}
}

// TestRunForeignContent: what is no claim is waited for a while and then replaced; a link
// is refused by name and stays.
func TestRunForeignContent(t *testing.T) {
	timing(t, time.Millisecond, 20*time.Millisecond)
	f := create(t, t.TempDir(), smallPlan())
	want := timeless(runAll(t, runner(t, nil), f.Plan))
	contents := [][]byte{nil, []byte("garbage"), bytes.Repeat([]byte("x"), 1<<20), []byte(`{"format": 2, "token": "t", "process": 1}`)}
	for i, unit := range f.Plan.Units() {
		dir, err := f.makeTrialDir(f.Plan.Trials[unit[0]])
		must(t, err, os.WriteFile(filepath.Join(dir, claimFile), contents[i], 0o666))
	}
	same(t, want, timeless(runAll(t, runner(t, f), f.Plan)), "outcomes")
	onlyRecords(t, f)

	trial := f.Plan.Trials[2]
	path, away := filepath.Join(f.TrialDir(trial), claimFile), filepath.Join(t.TempDir(), "away")
	must(t, os.Remove(filepath.Join(f.TrialDir(trial), resultFile)), os.Symlink(away, path))
	_, err := runner(t, f).Run(t.Context(), f.Plan)
	_, unread := f.Claims(t.Context(), make([]Outcome, len(f.Plan.Trials)), false)
	for _, err := range []error{err, unread} {
		if !errors.Is(err, atomicfile.ErrLink) || !strings.HasPrefix(err.Error(), path+": is a link") {
			t.Errorf("error %v", err)
		}
	}
	if _, err := os.Lstat(away); err == nil {
		t.Error("written through the link")
	}
}

// TestRunClaimsEnd: no claim is left by a unit that ends well, fails or diverges, nor by a
// run that is interrupted.
func TestRunClaimsEnd(t *testing.T) {
	timing(t, time.Millisecond, time.Hour)
	for name, change := range map[string]func(r *Runner, plan *Plan, interrupt func()){
		"well": func(*Runner, *Plan, func()) {},
		"fails": func(r *Runner, _ *Plan, _ func()) {
			r.Data = sets{onTrain: func() { panic("bad disk") }}.data()
		},
		"diverges": func(_ *Runner, plan *Plan, _ func()) {
			for i := range plan.Trials {
				plan.Trials[i].Config.BN, plan.Trials[i].Config.EtaMax = false, 1e30
			}
		},
		"interrupted": func(r *Runner, _ *Plan, interrupt func()) {
			r.Data = sets{onTrain: atCall(10, interrupt)}.data()
		},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, interrupt := context.WithCancel(t.Context())
			defer interrupt()
			plan := smallPlan()
			r, claimed := runner(t, nil), atomic.Int32{}
			change(&r, plan, interrupt)
			f := create(t, t.TempDir(), plan)
			r.Folder = f
			r.Observer = observer{start: func(trials []Trial) {
				if _, err := os.Stat(filepath.Join(f.TrialDir(trials[0]), claimFile)); err == nil {
					claimed.Add(1)
				}
			}}
			if _, err := r.Run(ctx, plan); (err != nil) != (name == "interrupted") {
				t.Error(err)
			}
			if claimed.Load() == 0 {
				t.Error("nothing was claimed")
			}
			noClaims(t, f)
		})
	}
}

// TestRunLeftClaim: a claim of a unit that has its records is removed by the next run.
func TestRunLeftClaim(t *testing.T) {
	f, first := createSmall(t)
	runAll(t, runner(t, f), f.Plan)
	claimedBy(t, f, first, far)
	write(t, filepath.Join(f.TrialDir(first), "claim.ABCDEFGHIJKLMNOPQRSTUVWXYZ"), nil)
	if _, trained := runAgain(t, runner(t, f), f.Plan); trained != nil {
		t.Errorf("trained again: %v", trained)
	}
	onlyRecords(t, f)
}

// TestClaims: the claims of units that are not done tell who trains what, and which have
// stalled: those whose process has ended, and those that do not change while they are
// watched, if their files are not of now.
func TestClaims(t *testing.T) {
	timing(t, 20*time.Millisecond, time.Hour)
	f := create(t, t.TempDir(), planOf(seeded("g", small(), 6), 1))
	dead := holderHere(t)
	dead.Started = "1"
	var all []*foreign
	for i, h := range []claim.Holder{far, dead, far, far, far} {
		c := claimedBy(t, f, f.Plan.Trials[i], h)
		c.Steps, c.StepsPerSecond = 6*i, 12
		c.write(t)
		all = append(all, c)
	}
	must(t, os.WriteFile(all[4].path, []byte("garbage"), 0o666))
	old := time.Now().AddDate(0, 0, -1)
	for _, i := range []int{0, 2, 4} {
		must(t, os.Chtimes(all[i].path, old, old))
	}
	outcomes := make([]Outcome, 6)
	outcomes[3] = finished(f.Plan.Trials[3], 0.5, 0.5)
	check := func(watch bool, want ...bool) {
		t.Helper()
		claims, err := f.Claims(t.Context(), outcomes, watch)
		must(t, err)
		var got []string
		for _, c := range claims {
			got = append(got, fmt.Sprintf("%s %s %d/%d %v left, stalled %v", c.Trial, c.Holder(), c.Steps, c.Of, c.Left(), c.Stalled))
		}
		host := far.String()
		here := claim.Holder{Host: dead.Host, Process: dead.Process}.String()
		same(t, []string{
			fmt.Sprintf("g-seed1 %s 0/24 2s left, stalled %v", host, want[0]),
			fmt.Sprintf("g-seed2 %s 6/24 1.5s left, stalled %v", here, want[1]),
			fmt.Sprintf("g-seed3 %s 12/24 1s left, stalled %v", host, want[2]),
			fmt.Sprintf("g-seed5 an unknown process 0/24 0s left, stalled %v", want[3]),
		}, got, "watched %v", watch)
	}
	check(false, false, true, false, false)
	go func() {
		time.Sleep(30 * time.Millisecond)
		all[2].Beat++
		text, _ := json.Marshal(all[2].Claim)
		os.WriteFile(all[2].path, text, 0o666)
		os.Chtimes(all[2].path, old, old) // a clock that is a day late
	}()
	check(true, true, true, false, true)

	// None that has to be watched: no waiting.
	claim.Beat = time.Hour
	must(t, os.Remove(all[4].path))
	for _, i := range []int{0, 2} {
		must(t, os.Chtimes(all[i].path, time.Now(), time.Now()))
	}
	claims, err := f.Claims(t.Context(), outcomes, true)
	must(t, err)
	if stalled := slices.ContainsFunc(claims, func(c Claim) bool { return c.Stalled && c.Host == far.Host }); stalled || len(claims) != 3 {
		t.Errorf("%+v", claims)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	must(t, os.Chtimes(all[0].path, old.AddDate(-1, 0, 0), old.AddDate(-1, 0, 0)))
	if _, err := f.Claims(ctx, outcomes, true); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: error %v", err)
	}
}

// TestRunPassedRung: a process that finds a unit at the rung where it wants to bring it
// leaves claim and checkpoint of another that already trains it on, and removes those of
// one that has died.
func TestRunPassedRung(t *testing.T) {
	timing(t, time.Hour, time.Hour)
	f := create(t, t.TempDir(), halved(train.F32, 2, 2))
	runAll(t, runner(t, f), f.Plan)
	r := runner(t, f)
	r.Observer = Silent{}
	r.leg = f.Plan.legs(make([]Outcome, len(f.Plan.Trials)), false)[0]
	u := &pendingUnit{unit: r.leg.units[0]}
	first := f.Plan.Trials[u.unit[0]]
	dead := holderHere(t)
	dead.Started = "1"
	for _, h := range []claim.Holder{far, dead} {
		c := claimedBy(t, f, first, h)
		u.watch = claim.Watch{Path: c.path}
		kept := filepath.Join(f.TrialDir(first), checkpointFile+".0123abcd.6")
		write(t, kept, nil)
		if done, err := r.doneElsewhere(f.Plan, u, make([]Outcome, len(f.Plan.Trials))); !done || err != nil {
			t.Fatalf("done %v, error %v", done, err)
		}
		for _, path := range []string{c.path, kept} {
			if _, err := os.Lstat(path); (err == nil) != (h == far) {
				t.Errorf("%s of %v: error %v", filepath.Base(path), h, err)
			}
		}
	}
}
