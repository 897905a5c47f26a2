package checkpoint

import (
	"bytes"
	"crypto/sha256"
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
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Join(parts, nil)
}

// seal gives content the checksum that makes it a sound file.
func seal(content []byte) []byte {
	sum := sha256.Sum256(content)
	return append(slices.Clone(content), sum[:]...)
}

// watched is a store whose warnings are kept.
type watched struct {
	*Store
	warnings *[]string
}

func open(place Place, of Training, fresh bool) watched {
	warnings := new([]string)
	return watched{Open(place, of, fresh, func(err error) { *warnings = append(*warnings, err.Error()) }), warnings}
}

// keep writes states one after the other, each to the disk.
func keep(t *testing.T, place Place, of Training, fresh bool, states ...train.State) {
	t.Helper()
	for _, s := range states {
		w := open(place, of, fresh)
		w.Keep(s)
		w.Close()
		if *w.warnings != nil {
			t.Fatalf("warnings %q", *w.warnings)
		}
		fresh = false
	}
}

// restored returns the steps of the state that a store gives, 0 for none, and
// its warnings.
func restored(t *testing.T, place Place, of Training) (train.State, []string) {
	t.Helper()
	w := open(place, of, false)
	defer w.Close()
	var got train.State
	w.Restore(func(s train.State) error { got = s; return nil })
	return got, *w.warnings
}

// names returns the names in a folder.
func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
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
		if err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			rt.Fatal(diff)
		}
	})
}

// TestStore: the last two checkpoints are there, one that others may read, and
// the newest is what comes back; Remove leaves nothing of them.
func TestStore(t *testing.T) {
	place := Place{Dir: filepath.Join(t.TempDir(), "a [folder]"), Name: "net.checkpoint"}
	if err := os.Mkdir(place.Dir, 0o777); err != nil {
		t.Fatal(err)
	}
	others := []string{".net.checkpoint.old", "net.checkpoint", "net.checkpoint.007", "net.checkpoint.9.bad", "net.checkpoint.x", "net2.checkpoint.5"}
	for _, name := range others {
		if err := os.WriteFile(filepath.Join(place.Dir, name), nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if s, _ := restored(t, place, training()); s.Steps != 0 || place.Latest() != "" {
		t.Errorf("state %d, latest %q of none", s.Steps, place.Latest())
	}
	keep(t, place, training(), false, stateAfter(450), stateAfter(900), stateAfter(1350))
	if got, want := names(t, place.Dir), slices.Sorted(slices.Values(append(others, "net.checkpoint.1350", "net.checkpoint.900"))); !slices.Equal(got, want) {
		t.Errorf("files %q, want %q", got, want)
	}
	got, warnings := restored(t, place, training())
	if diff := cmp.Diff(stateAfter(1350), got); diff != "" || warnings != nil {
		t.Errorf("warnings %q:\n%s", warnings, diff)
	}
	if got, want := place.Latest(), filepath.Join(place.Dir, "net.checkpoint.1350"); got != want {
		t.Errorf("latest %s, want %s", got, want)
	}
	hidden := filepath.Join(place.Dir, ".net.checkpoint.135012345")
	if err := os.WriteFile(hidden, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := place.Remove(); err != nil {
			t.Error(err)
		}
		if got := names(t, place.Dir); !slices.Equal(got, others) {
			t.Errorf("left %q, want %q", got, others)
		}
	}
}

// TestFresh: a training from the start leaves the checkpoints of another until
// it has one of its own, be it of fewer steps.
func TestFresh(t *testing.T) {
	place := Place{t.TempDir(), "checkpoint"}
	keep(t, place, training(), false, stateAfter(450), stateAfter(900))
	w := open(place, training(), true)
	w.Restore(func(train.State) error { t.Error("a state for a fresh training"); return nil })
	if got := names(t, place.Dir); len(got) != 2 {
		t.Errorf("files %q before the first of the new ones", got)
	}
	w.Keep(stateAfter(10))
	w.Close()
	if got := names(t, place.Dir); !slices.Equal(got, []string{"checkpoint.10"}) || *w.warnings != nil {
		t.Errorf("files %q, warnings %q", got, *w.warnings)
	}
	w = open(place, training(), true)
	for i := range 20 {
		w.Keep(stateAfter(20 + i))
		for end := time.Now().Add(10 * time.Second); place.Latest() != place.file(20+i) && time.Now().Before(end); {
			time.Sleep(time.Millisecond)
		}
	}
	w.Close()
	if got := names(t, place.Dir); !slices.Equal(got, []string{"checkpoint.38", "checkpoint.39"}) {
		t.Errorf("files %q", got)
	}
}

// TestKeepDoesNotWait: while the disk is busy, the newest state waits for it and
// the training does not.
func TestKeepDoesNotWait(t *testing.T) {
	s := &Store{queue: make(chan train.State, 1)} // nobody writes
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
