package checkpoint

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"bnlab/train"
	"bnlab/train/atomicfile"
)

// stops restores, which must stop the training with an error about path, warn of
// nothing and change nothing.
func stops(t *testing.T, place Place, path string, reason error) {
	t.Helper()
	before := names(t, filepath.Dir(place.Dir))
	w := open(place, training(), false)
	w.Restore(func(s train.State) error { t.Errorf("the state of step %d is used", s.Steps); return nil })
	w.Close()
	if err := *w.stopped; !errors.Is(err, reason) || !errors.As(err, new(*atomicfile.Unread)) || !strings.HasPrefix(err.Error(), path+": "+reason.Error()) {
		t.Errorf("stopped by %v, want %v of %s", err, reason, path)
	}
	if *w.warnings != nil || w.Last() != "" {
		t.Errorf("warnings %q, last %q", *w.warnings, w.Last())
	}
	if after := names(t, filepath.Dir(place.Dir)); !slices.Equal(before, after) {
		t.Errorf("files %q, before %q", after, before)
	}
}

// TestMachine: if a checkpoint cannot be read, for lack of file descriptors or an
// accessible folder, or must not be, because of a link in its place, the training
// stops. Existing files stay.
func TestMachine(t *testing.T) {
	place := placeWith(t, 450, 900)
	path := place.file(training(), 1350)
	must(t, os.Symlink(path, path))
	stops(t, place, path, atomicfile.ErrLink)
	if got := names(t, place.Dir); !slices.Equal(got, named("checkpoint", 1350, 450, 900)) {
		t.Errorf("left %q", got)
	}

	var most syscall.Rlimit
	must(t, syscall.Getrlimit(syscall.RLIMIT_NOFILE, &most))
	var files []*os.File
	few := syscall.Rlimit{Cur: 64, Max: most.Max}
	must(t, syscall.Setrlimit(syscall.RLIMIT_NOFILE, &few))
	for {
		f, err := os.Open(os.DevNull)
		if err != nil {
			break
		}
		files = append(files, f)
	}
	w := open(place, training(), false)
	w.Restore(func(train.State) error { t.Error("a state is used"); return nil })
	_, _, err := place.Latest(training())
	for _, f := range files {
		f.Close()
	}
	w.Close()
	if e := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &most); e != nil {
		t.Fatal(e)
	}
	if !errors.Is(*w.stopped, syscall.EMFILE) || !errors.Is(err, syscall.EMFILE) || *w.warnings != nil {
		t.Errorf("stopped by %v, latest %v, warnings %q", *w.stopped, err, *w.warnings)
	}
	if got := names(t, place.Dir); len(got) != 3 {
		t.Errorf("left %q", got)
	}

	file := filepath.Join(place.Dir, "file")
	must(t, os.WriteFile(file, nil, 0o666))
	stops(t, Place{file, "checkpoint"}, file, syscall.ENOTDIR)
}

// TestGone: if the folder has disappeared nothing is kept, and the training stops; it
// is not created again.
func TestGone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "gone")
	must(t, os.Mkdir(dir, 0o777))
	w := open(Place{dir, "checkpoint"}, training(), false)
	w.Restore(func(train.State) error { t.Error("a state of nothing"); return nil })
	must(t, os.Remove(dir))
	w.Keep(stateAfter(450))
	w.Close()
	if err := *w.stopped; !errors.Is(err, fs.ErrNotExist) || !strings.HasPrefix(err.Error(), dir+": no such file or directory: it disappeared") || *w.warnings != nil || w.Last() != "" {
		t.Errorf("stopped by %v, warnings %q, last %q", err, *w.warnings, w.Last())
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder is back: %v", err)
	}
}

// TestAbsurd: a checkpoint of 2 TB, or a pipe or a folder by that name, is set aside at
// once.
func TestAbsurd(t *testing.T) {
	place := placeWith(t, 450)
	huge, pipe := place.file(training(), 900), place.file(training(), 1350)
	must(t, os.WriteFile(huge, nil, 0o666), os.Truncate(huge, 2<<40), syscall.Mkfifo(pipe, 0o666), os.Mkdir(place.file(training(), 1800), 0o777))
	s, warnings := restored(t, place, training())
	if s.Steps != 450 || len(warnings) != 3 {
		t.Fatalf("state %d, warnings %q", s.Steps, warnings)
	}
	for i, says := range []string{"is not a regular file; set aside", "is not a regular file; set aside", "2199023255552 bytes, too long"} {
		if !strings.Contains(warnings[i], "unusable checkpoint: "+says) {
			t.Errorf("warning %q, want %s", warnings[i], says)
		}
	}
	if most := training().maxFile(); most > 200<<20 {
		t.Errorf("a checkpoint of 2 small networks may have %d bytes", most)
	}
	wide := changed(func(of *Training) { of.Trials[0].Hidden, of.Trials[0].Precision = []int{1000, 2000}, train.F64 })
	if most := wide.maxFile(); most < 8*(3072*1000+1000*2000+2000*10) {
		t.Errorf("a checkpoint of a wide network may have no more than %d bytes", most)
	}
}

// TestOthers: trainings that differ only in their threads keep their checkpoints in one
// place and do not remove each other's; one that finds none of its own names those of
// the others and leaves them.
func TestOthers(t *testing.T) {
	place, two := Place{t.TempDir(), "checkpoint"}, changed(func(of *Training) { of.Backend.Threads = 2 })
	keep(t, place, training(), false, 4500, 9000)
	s, warnings := restored(t, place, two)
	want := place.file(training(), 9000) + ": a checkpoint of another training: backend.threads is 1, here 2; it is kept, but not used"
	if s.Steps != 0 || !slices.Equal(warnings, []string{want}) {
		t.Errorf("state %d, warnings %q, want %q", s.Steps, warnings, want)
	}
	keep(t, place, two, false, 450, 900, 1350)
	if got := names(t, place.Dir); len(got) != 4 {
		t.Errorf("files %q", got)
	}
	for steps, of := range map[int]Training{9000: training(), 1350: two} {
		if s, warnings := restored(t, place, of); s.Steps != steps || warnings != nil {
			t.Errorf("state %d, want %d, warnings %q", s.Steps, steps, warnings)
		}
	}
	keep(t, place, two, true, 450)
	if own, other, err := place.Latest(two); own != place.file(two, 450) || other != place.file(training(), 9000) || err != nil {
		t.Errorf("latest %s and %s, error %v", own, other, err)
	}
	if got := names(t, place.Dir); len(got) != 3 {
		t.Errorf("files %q", got)
	}
	alone := changed(func(of *Training) { of.Backend.Threads, of.Trials = 3, of.Trials[:1] })
	keep(t, place, alone, false, 450)
	for threads, of := range map[int]Training{2: training(), 3: alone} {
		if b := place.Backend(of.Trials); b.Threads != threads {
			t.Errorf("of %d trials, written last with %d threads, want %d", len(of.Trials), b.Threads, threads)
		}
	}
}

// TestRenamed: a state under the name of another step does not hide others.
func TestRenamed(t *testing.T) {
	place := placeWith(t, 450, 900)
	path := place.file(training(), 59900)
	must(t, os.Rename(place.file(training(), 450), path))
	s, warnings := restored(t, place, training())
	if s.Steps != 900 || len(warnings) != 1 || !strings.HasPrefix(warnings[0], path+": unusable checkpoint: it is of step 450, which is not the step in its name; set aside as ") {
		t.Errorf("state %d, warnings %q", s.Steps, warnings)
	}
}

// TestLast: a training resumes from what it has restored or written, not from what it
// was given to write.
func TestLast(t *testing.T) {
	place := placeWith(t, 450)
	w := open(place, training(), true)
	w.Restore(func(train.State) error { return nil })
	w.Close()
	if w.Last() != "" {
		t.Errorf("of a fresh training %q", w.Last())
	}
	w = open(place, training(), false)
	w.Restore(func(train.State) error { return nil })
	w.Close()
	if want := place.file(training(), 450); w.Last() != want {
		t.Errorf("restored, and then %q, want %q", w.Last(), want)
	}
	os.Remove(w.Last())
	if w.Last() != "" {
		t.Errorf("gone, and yet %q", w.Last())
	}
}
