package experiment

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"bnlab/blas/blastest"
	"bnlab/train"
)

// TestBudgetShards: shards go on as far as decisions allow and say what they wait for; run
// again in turn they come to the same.
func TestBudgetShards(t *testing.T) {
	want := decided(runAll(t, runner(t, nil), halved(train.F32, 2, 2)))
	f := create(t, t.TempDir(), halved(train.F32, 2, 2))
	units := len(f.Plan.Units())
	for times := 0; ; times++ {
		waits := 0
		for shard := range 3 {
			r := runner(t, f)
			r.Only = func(unit []Trial) bool { return unit[0].Unit%3 == shard }
			r.Waits = func(epochs, trials int) {
				if waits++; !slices.Contains([]int{1, 3, 6}, epochs) || trials < 1 || trials > 16 {
					t.Errorf("waits at %d epochs for %d trials", epochs, trials)
				}
			}
			runAll(t, r, f.Plan)
		}
		if times == 0 && waits == 0 {
			t.Error("nobody waits")
		}
		if waits == 0 {
			break
		}
		if times > 4 {
			t.Fatalf("no end with %d units", units)
		}
	}
	onDisk, err := f.Outcomes(func(err error) { t.Error(err) })
	must(t, err)
	same(t, want, decided(withCurves(t, runner(t, f), onDisk)), "shards, on disk")
}

// TestBudgetShardMeanwhile: a shard that comes to a rung after the others goes on at once.
func TestBudgetShardMeanwhile(t *testing.T) {
	f := create(t, t.TempDir(), halved(train.F32, 2, 2))
	shard := func(first bool) Runner {
		r := runner(t, f)
		r.Workers, r.Only = 1, func(unit []Trial) bool { return (unit[0].Unit == 0) == first }
		return r
	}
	r, others := shard(true), shard(false)
	rest := sync.OnceFunc(func() { runAll(t, others, f.Plan) })
	r.Observer = observer{start: func([]Trial) { rest() }}
	decided := 0
	r.Decided = func(epochs, on, groups int) {
		if decided++; epochs != 1 || on != 4 || groups != 8 {
			t.Errorf("after %d epochs %d of %d go on", epochs, on, groups)
		}
	}
	r.Waits = func(epochs, trials int) {
		if epochs == 1 {
			t.Errorf("waits for %d trials that have come to the rung", trials)
		}
	}
	runAll(t, r, f.Plan)
	if decided == 0 {
		t.Error("it does not go on")
	}
}

// TestBudgetAtOnce: runs that share a folder each go on once all have come to a rung, train
// no trial twice, and come to the same.
func TestBudgetAtOnce(t *testing.T) {
	want := decided(runAll(t, runner(t, nil), halved(train.F32, 2, 2)))
	f := create(t, t.TempDir(), halved(train.F32, 2, 2))
	var steps atomic.Int64
	var runs sync.WaitGroup
	got := make([][]Outcome, 3)
	for i := range got {
		runs.Go(func() {
			r := runner(t, f)
			r.Workers, r.Data = 1, sets{onTrain: func() { steps.Add(1) }}.data()
			r.Waits = func(epochs, trials int) { t.Errorf("waits in vain at %d epochs for %d trials", epochs, trials) }
			outcomes, err := r.Run(t.Context(), f.Plan)
			if err != nil {
				t.Error(err)
			}
			got[i] = outcomes
		})
	}
	runs.Wait()
	for i, outcomes := range got {
		same(t, want, decided(withCurves(t, runner(t, f), outcomes)), "run %d", i+1)
	}
	var alone atomic.Int64
	r := runner(t, nil)
	r.Data = sets{onTrain: func() { alone.Add(1) }}.data()
	runAll(t, r, halved(train.F32, 2, 2))
	if steps.Load() != alone.Load() {
		t.Errorf("%d readings of images together, %d alone", steps.Load(), alone.Load())
	}
}

// TestBudgetDamaged: a rung's record, a paused state or a result that is damaged or gone
// is trained again, to the same decisions and bits.
func TestBudgetDamaged(t *testing.T) {
	if blastest.Mixes() {
		t.Skip("float32 trainings round by what trains beside them, with the kernels of this CPU")
	}
	plan := halved(train.F32, 3, 2)
	whole := unlimited(t, plan)
	want := decided(runAll(t, runner(t, nil), plan))
	spoil := func(path string) {
		text := []byte(read(t, path))
		if changed := bytes.Replace(text, []byte(`"val_acc": 0.`), []byte(`"val_acc": 0.9`), 1); !bytes.Equal(changed, text) {
			text = changed
		} else {
			text[len(text)/2] ^= 1
		}
		must(t, os.WriteFile(path, text, 0o666))
	}
	for _, pattern := range []string{"rung.1.json", "rung.3.json", "rung.6.json", "paused.*", "result.json"} {
		for name, hurt := range map[string]func(string){"gone": func(path string) { must(t, os.Remove(path)) }, "damaged": spoil} {
			f := create(t, t.TempDir(), plan)
			runAll(t, runner(t, f), f.Plan)
			for i, path := range files(t, f, pattern) {
				if i%2 == 0 {
					hurt(path)
				}
			}
			r := runner(t, f)
			r.Warn = func(err error) {
				if !strings.Contains(err.Error(), "checksum mismatch") && !strings.Contains(err.Error(), "not a record") && !strings.Contains(err.Error(), "record of") {
					t.Errorf("%s %s: warned: %v", pattern, name, err)
				}
			}
			same(t, want, decided(runAll(t, r, f.Plan)), "%s %s", pattern, name)
			r.ResumePaused = true
			if left := sameTrials(t, whole, runAll(t, r, f.Plan), pattern+" "+name); left != nil {
				t.Errorf("%s %s: still paused %v", pattern, name, left)
			}
		}
	}
}

// TestBudgetFailure: a trial that fails on the way to a rung leaves it undecided; the next
// run trains it again and goes on.
func TestBudgetFailure(t *testing.T) {
	want := decided(runAll(t, runner(t, nil), halved(train.F32, 2, 1)))
	f := create(t, t.TempDir(), halved(train.F32, 2, 1))
	r := runner(t, f)
	r.Workers, r.Data = 1, sets{onTrain: atCall(20, func() { panic("bad disk") })}.data()
	outcomes := runAll(t, r, f.Plan)
	s := Summarize(f.Plan, outcomes)
	if len(s.Failed) != 2 || len(s.Paused) != 0 || s.Err() == nil {
		t.Errorf("failed %v, paused %v, error %v", s.Failed, s.Paused, s.Err())
	}
	same(t, want, decided(runAll(t, runner(t, f), f.Plan)), "run again")
}
