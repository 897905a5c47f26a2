package checkpoint

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"bnlab/train"
)

// TestEveryBit: a file with any one bit flipped is refused, and so is one that is
// truncated at any length or too long.
func TestEveryBit(t *testing.T) {
	of := training()
	file := encoded(t, of, stateAfter(900))
	refused := func(what string, at int, file []byte) {
		if s, err := of.decode(file); err == nil || s.Steps != 0 || s.Numbers != nil {
			t.Errorf("%s %d: %+v is taken", what, at, s)
		}
	}
	for i := range file {
		for bit := range 8 {
			file[i] ^= 1 << bit
			refused("bit flipped in byte", i, file)
			file[i] ^= 1 << bit
		}
		refused("cut at byte", i, file[:i])
	}
	refused("one byte more, in all", len(file)+1, append(slices.Clone(file), 0))
	refused("twice, in all", 2*len(file), append(slices.Clone(file), file...))
	if _, err := of.decode(file); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d faults", 9*len(file)+2)
}

// TestSetAside: an unusable checkpoint, even with a valid checksum, is named in one
// warning of one short line that says why, kept under another name, and the previous
// one is used; if that is unusable too, the start.
func TestSetAside(t *testing.T) {
	all := faults(t)
	for _, v := range all {
		place := placeWith(t, 450)
		path := place.file(training(), 900)
		must(t, os.WriteFile(path, v.file, 0o666))
		s, warnings := restored(t, place, training())
		if s.Steps != 450 || len(warnings) != 1 {
			t.Errorf("%s: state %d, warnings %q", v.says, s.Steps, warnings)
			continue
		}
		w := warnings[0]
		if !strings.HasPrefix(w, path+": unusable checkpoint: ") || !strings.Contains(w, v.says) ||
			!strings.HasSuffix(w, "; set aside as "+filepath.Base(path)+".bad, using the previous one or the start") ||
			strings.ContainsAny(w, "\n\x1b") || len(w) > len(path)+410 {
			t.Errorf("%s: warning %q", v.says, w)
		}
		if got, err := os.ReadFile(path + ".bad"); err != nil || !bytes.Equal(got, v.file) {
			t.Errorf("%s: not kept: %v", v.says, err)
		}
		if got := names(t, place.Dir); len(got) != 2 {
			t.Errorf("%s: files %q", v.says, got)
		}
		must(t, os.WriteFile(place.file(training(), 450), v.file, 0o666))
		if s, warnings := restored(t, place, training()); s.Steps != 0 || len(warnings) != 1 || latest(t, place, training()) != "" {
			t.Errorf("%s, both: state %d, warnings %q", v.says, s.Steps, warnings)
		}
	}
	t.Logf("%d faults", 2*len(all))
}

// TestUserRefuses: a valid file that the training refuses is set aside as well.
func TestUserRefuses(t *testing.T) {
	place := placeWith(t, 450, 900)
	w := open(place, training(), false)
	defer w.Close()
	var offered []int
	w.Restore(func(s train.State) error {
		offered = append(offered, s.Steps)
		return errors.New("wrong shape")
	})
	if !slices.Equal(offered, []int{900, 450}) || len(*w.warnings) != 2 || !strings.Contains((*w.warnings)[1], ".450: unusable checkpoint: wrong shape; set") {
		t.Errorf("offered %v, warnings %q", offered, *w.warnings)
	}
}

// TestRemovedOnTheWay: a checkpoint that another process removes, or sets aside,
// between two accesses does no harm.
func TestRemovedOnTheWay(t *testing.T) {
	place := placeWith(t, 450, 900)
	w := open(place, training(), false)
	defer w.Close()
	var used []int
	w.Restore(func(s train.State) error {
		used = append(used, s.Steps)
		if err := place.Remove(training()); err != nil {
			t.Error(err)
		}
		return errors.New("wrong shape")
	})
	if !slices.Equal(used, []int{900}) || *w.stopped != nil || len(*w.warnings) != 1 || !strings.Contains((*w.warnings)[0], "900: unusable checkpoint: wrong shape; set aside as") {
		t.Errorf("states %d used, stopped by %v, warnings %q", used, *w.stopped, *w.warnings)
	}
}

// TestCannotWrite: the first checkpoint that cannot be written is reported, once, and
// there is none to resume from.
func TestCannotWrite(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	must(t, os.WriteFile(file, nil, 0o666))
	w := open(Place{file, "checkpoint"}, training(), false)
	for range 5 {
		w.Keep(stateAfter(450))
		for len(w.queue) > 0 { // until it is being written, or tried
			runtime.Gosched()
		}
	}
	w.Close()
	want := "no checkpoint: " + Place{file, "checkpoint"}.file(training(), 450) + ": " + syscall.ENOTDIR.Error() + "; the training continues without it"
	if !slices.Equal(*w.warnings, []string{want}) || *w.stopped != nil || w.Last() != "" {
		t.Errorf("warnings %q, want %q; stopped: %v; last %q", *w.warnings, want, *w.stopped, w.Last())
	}
	bad := stateAfter(1)
	zero := 0.0
	bad.Results[0].TrainSeconds = 1 / zero
	w = open(Place{dir, "checkpoint"}, training(), false)
	w.Keep(bad)
	w.Close()
	var unsupported *json.UnsupportedValueError
	if _, err := training().encode(bad); !errors.As(err, &unsupported) || len(*w.warnings) != 1 {
		t.Errorf("an infinite time: error %v, warnings %q", err, *w.warnings)
	}
}

// TestAtOnce: processes that train the same in one place, one ahead of the
// other, one beginning anew, one ending and removing all, do not disturb each
// other: nobody is warned, and what is read is always whole.
func TestAtOnce(t *testing.T) {
	place := Place{t.TempDir(), "checkpoint"}
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			for range 10 {
				w := open(place, training(), false)
				from := 0
				w.Restore(func(s train.State) error {
					if len(s.Numbers) != 240 || s.Numbers[0] != byte(s.Steps) {
						t.Errorf("state %+v", s)
					}
					from = s.Steps
					return nil
				})
				for step := from + 1; step < from+10; step++ {
					w.Keep(stateAfter(step))
				}
				w.Close()
				if *w.warnings != nil || *w.stopped != nil {
					t.Errorf("warnings %q, stopped: %v", *w.warnings, *w.stopped)
				}
				if i == 0 {
					if err := place.RemoveAll(); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	all.Wait()
	if err := place.RemoveAll(); err != nil {
		t.Error(err)
	}
	if got := names(t, place.Dir); got != nil {
		t.Errorf("left %q", got)
	}
}
