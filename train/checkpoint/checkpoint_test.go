package checkpoint

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"bnlab/blas"
	"bnlab/train"
)

// must ends the test at the first error.
func must(t interface {
	Helper()
	Fatal(...any)
}, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

// training is one of two trials.
func training() Training {
	a := train.Default()
	b := a
	b.BN, b.Seed = true, 1<<63+1
	return Training{Program: "v1", Dataset: "0123abcd", Trials: []train.Config{a, b},
		Backend: blas.Backend{Name: "openblas", Version: "0.3.21", Core: "Haswell", Threads: 1}}
}

// stateAfter is a state of training.
func stateAfter(steps int) train.State {
	point := train.Point{Step: 1, Eta: 1.0 / 3, Metrics: train.Metrics{TrainLoss: 2.3, ValAcc: 0.1}}
	return train.State{
		Steps:   steps,
		Results: []train.Result{{Steps: steps, TrainSeconds: 1.5}, {Steps: 3, Diverged: true}},
		Curves:  [][]train.Point{{point, point}, nil},
		Numbers: bytes.Repeat([]byte{byte(steps), 0x7f, '\n', 0xff}, 60),
	}
}

func encoded(t testing.TB, of Training, s train.State) []byte {
	t.Helper()
	parts, err := of.encode(s)
	must(t, err)
	return bytes.Join(parts, nil)
}

// seal gives content the checksum that makes it a sound file.
func seal(content []byte) []byte {
	sum := sha256.Sum256(content)
	return append(slices.Clone(content), sum[:]...)
}

// watched is a store of which is kept what it tells.
type watched struct {
	*Store
	warnings *[]string
	stopped  *error
}

func open(place Place, of Training, fresh bool) watched {
	w := watched{nil, new([]string), new(error)}
	w.Store = Open(place, of, fresh, Callbacks{
		Warn: func(err error) { *w.warnings = append(*w.warnings, err.Error()) },
		Stop: func(err error) { *w.stopped = err },
	})
	return w
}

// keep writes the states after so many steps one after the other, each to the disk.
func keep(t *testing.T, place Place, of Training, fresh bool, steps ...int) {
	t.Helper()
	for _, n := range steps {
		w := open(place, of, fresh)
		w.Keep(stateAfter(n))
		w.Close()
		if *w.warnings != nil || *w.stopped != nil {
			t.Fatalf("warnings %q, stopped: %v", *w.warnings, *w.stopped)
		}
		fresh = false
	}
}

// placeWith returns a place with the checkpoints of training after so many steps.
func placeWith(t *testing.T, steps ...int) Place {
	t.Helper()
	place := Place{t.TempDir(), "checkpoint"}
	keep(t, place, training(), false, steps...)
	return place
}

// restored returns the steps of the state that a store gives, 0 for none, and
// its warnings.
func restored(t *testing.T, place Place, of Training) (train.State, []string) {
	t.Helper()
	w := open(place, of, false)
	defer w.Close()
	var got train.State
	w.Restore(func(s train.State) error { got = s; return nil })
	if *w.stopped != nil {
		t.Errorf("stopped: %v", *w.stopped)
	}
	return got, *w.warnings
}

// latest returns the training's own checkpoint of the most steps.
func latest(t *testing.T, place Place, of Training) string {
	t.Helper()
	own, _, err := place.Latest(of)
	if err != nil {
		t.Error(err)
	}
	return own
}

// named returns the names of the files of training after so many steps.
func named(name string, steps ...int) (all []string) {
	for _, n := range steps {
		all = append(all, filepath.Base(Place{Name: name}.file(training(), n)))
	}
	return all
}

// names returns the names in a folder.
func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	must(t, err)
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

// TestRoundTrip: any state is read as it was written.
func TestRoundTrip(t *testing.T) {
	finite := rapid.Float64()
	point := rapid.Custom(func(t *rapid.T) train.Point {
		return train.Point{Step: rapid.Int().Draw(t, "step"), Epoch: finite.Draw(t, "epoch"), Eta: finite.Draw(t, "eta"),
			Metrics: train.Metrics{TrainLoss: finite.Draw(t, "loss"), ValAcc: finite.Draw(t, "acc")}}
	})
	result := rapid.Custom(func(t *rapid.T) train.Result {
		return train.Result{Steps: rapid.Int().Draw(t, "steps"), Diverged: rapid.Bool().Draw(t, "diverged"),
			TrainSeconds: finite.Draw(t, "training"), EvalSeconds: finite.Draw(t, "evaluation")}
	})
	rapid.Check(t, func(rt *rapid.T) {
		want := train.State{
			Steps:   rapid.Int().Draw(rt, "steps"),
			Results: rapid.SliceOfN(result, 0, 4).Draw(rt, "results"),
			Curves:  rapid.SliceOfN(rapid.SliceOfN(point, 0, 5), 0, 4).Draw(rt, "curves"),
			Numbers: rapid.SliceOf(rapid.Byte()).Draw(rt, "numbers"),
		}
		of := training()
		got, err := of.decode(encoded(t, of, want))
		must(rt, err)
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			rt.Fatal(diff)
		}
	})
}

// TestStore: the last two checkpoints are there, one that others may read, and
// the newest is what comes back; Remove leaves nothing of them.
func TestStore(t *testing.T) {
	place := Place{Dir: filepath.Join(t.TempDir(), "a [folder]"), Name: "net.checkpoint"}
	must(t, os.Mkdir(place.Dir, 0o777))
	others := []string{".net.checkpoint.old", "net.checkpoint", "net.checkpoint.007", "net.checkpoint.9.bad", "net.checkpoint.x", "net2.checkpoint.5"}
	for _, name := range others {
		must(t, os.WriteFile(filepath.Join(place.Dir, name), nil, 0o666))
	}
	if s, _ := restored(t, place, training()); s.Steps != 0 || latest(t, place, training()) != "" {
		t.Errorf("state %d, latest %q of none", s.Steps, latest(t, place, training()))
	}
	keep(t, place, training(), false, 450, 900, 1350)
	if got, want := names(t, place.Dir), slices.Sorted(slices.Values(append(others, named("net.checkpoint", 1350, 900)...))); !slices.Equal(got, want) {
		t.Errorf("files %q, want %q", got, want)
	}
	got, warnings := restored(t, place, training())
	if diff := cmp.Diff(stateAfter(1350), got); diff != "" || warnings != nil {
		t.Errorf("warnings %q:\n%s", warnings, diff)
	}
	if got, want := latest(t, place, training()), place.file(training(), 1350); got != want {
		t.Errorf("latest %s, want %s", got, want)
	}
	theirs := changed(func(of *Training) { of.Backend.Threads = 2 })
	keep(t, place, theirs, false, 5)
	for _, name := range []string{".net.checkpoint.1358123456789012345678", "." + named("net.checkpoint", 5)[0] + "812345678901234567", "." + named("net.checkpoint", 135)[0] + ".0123456789abcdef.tmp", "net.checkpoint.135", "." + named("net.checkpoint", 135)[0] + "8123456789012345678"} {
		must(t, os.WriteFile(filepath.Join(place.Dir, name), nil, 0o666))
	}
	if err := place.Remove(training()); err != nil {
		t.Error(err)
	}
	if got := names(t, place.Dir); len(got) != len(others)+3 || latest(t, place, theirs) == "" {
		t.Errorf("left of others %q", got)
	}
	for range 2 {
		if err := place.RemoveAll(); err != nil {
			t.Error(err)
		}
		if got := names(t, place.Dir); !slices.Equal(got, others) {
			t.Errorf("left %q, want %q", got, others)
		}
	}
}

// TestFresh: a training from the start keeps the checkpoints of another until it has
// its own, even of fewer steps.
func TestFresh(t *testing.T) {
	place := placeWith(t, 450, 900)
	w := open(place, training(), true)
	w.Restore(func(train.State) error { t.Error("a state for a fresh training"); return nil })
	if got := names(t, place.Dir); len(got) != 2 {
		t.Errorf("files %q before the first of the new ones", got)
	}
	w.Keep(stateAfter(10))
	w.Close()
	if got := names(t, place.Dir); !slices.Equal(got, named("checkpoint", 10)) || *w.warnings != nil {
		t.Errorf("files %q, warnings %q", got, *w.warnings)
	}
	w = open(place, training(), true)
	for i := range 20 {
		w.Keep(stateAfter(20 + i))
		for end := time.Now().Add(10 * time.Second); latest(t, place, training()) != place.file(training(), 20+i) && time.Now().Before(end); {
			time.Sleep(time.Millisecond)
		}
	}
	w.Close()
	if got := names(t, place.Dir); !slices.Equal(got, named("checkpoint", 38, 39)) {
		t.Errorf("files %q", got)
	}
}

// TestKeepDoesNotWait: while the disk is busy, the newest state waits for it and
// the training does not.
func TestKeepDoesNotWait(t *testing.T) {
	s := &Store{queue: make(chan train.State, 1)} // nobody writes
	defer unsaved.Add(-1)
	for step := range 5 {
		s.Keep(stateAfter(step))
	}
	if waits := <-s.queue; waits.Steps != 4 {
		t.Errorf("the state of step %d waits, want the newest", waits.Steps)
	}
}

// TestNewestIsWritten: whatever Keep was given last is on the disk after Close,
// however fast the states came.
func TestNewestIsWritten(t *testing.T) {
	for _, n := range []int{0, 1, 2, 3, 100} {
		place := Place{t.TempDir(), "checkpoint"}
		w := open(place, training(), false)
		for i := range n {
			w.Keep(stateAfter(i + 1))
		}
		w.Close()
		if s, warnings := restored(t, place, training()); s.Steps != n || warnings != nil || *w.warnings != nil {
			t.Errorf("after %d states that of step %d comes back, warnings %q %q", n, s.Steps, *w.warnings, warnings)
		}
		if got := names(t, place.Dir); len(got) != min(n, 2) && n < 2 || len(got) > 2 {
			t.Errorf("files %q", got)
		}
	}
}

// TestMaxFile: a file may be as long as images of 2¹⁴ values and 2¹⁰ classes make it, in
// the precision of each trial, and no longer than its first line and checksum beside.
func TestMaxFile(t *testing.T) {
	of := training()
	of.Trials = of.Trials[:1]
	of.Trials[0].Hidden = []int{50, 20}
	numbers := (1<<14+5)*50 + (50+5)*20 + (20+5)*1<<10
	for precision, bytes := range map[train.Precision]int{train.F32: 4, train.F64: 8} {
		of.Trials[0].Precision = precision
		if got, want := of.maxFile(), int64(of.maxLine()+32+bytes*numbers); got != want {
			t.Errorf("%s: %d bytes, want %d", precision, got, want)
		}
	}
	two := of
	two.Trials = append(two.Trials, two.Trials[0])
	if one := of.maxFile(); two.maxFile() < 2*(one-1<<16) {
		t.Errorf("two trials: %d bytes, one %d", two.maxFile(), one)
	}
}
