package checkpoint

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"bnlab/train/atomicfile"
)

// TestBeside: the checkpoints of a file have names that the file system accepts and
// that identify them, whatever the file is called; in the end none is left, and those
// of other files are untouched.
func TestBeside(t *testing.T) {
	dir := t.TempDir()
	files := []string{"m", ".m", "..m", "-", "m.checkpoint", strings.Repeat("x", 255), strings.Repeat("x", 254), strings.Repeat("網", 85), strings.Repeat("ü", 120)}
	for _, file := range files {
		keep(t, Beside(filepath.Join(dir, file)), training(), true, 1<<29, 1<<30)
	}
	for i, file := range files {
		place := Beside(filepath.Join(dir, file))
		if s, warnings := restored(t, place, training()); s.Steps != 1<<30 || warnings != nil {
			t.Errorf("%s: state %d, warnings %q", file, s.Steps, warnings)
		}
		hidden := "." + filepath.Base(place.file(training(), 1<<30)) + ".0123456789abcdef.tmp"
		if err := errors.Join(os.WriteFile(filepath.Join(dir, hidden), nil, 0o666), place.RemoveAll()); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		if left := names(t, dir); len(left) != 2*(len(files)-i-1) {
			t.Errorf("%s: left %q", file, left)
		}
	}
}

// TestBesideAsBefore: a file of a usual name has its checkpoints under the names that
// programs before this one gave them.
func TestBesideAsBefore(t *testing.T) {
	for _, file := range []string{"net", ".net", "a b.safetensors", strings.Repeat("x", 190)} {
		if got, want := Beside("runs/"+file), (Place{Dir: "runs", Name: file + ".checkpoint"}); got != want {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
}

// TestLinks: no checkpoint is read, written or removed through a link, in place of the
// file or of its folder.
func TestLinks(t *testing.T) {
	dir := t.TempDir()
	away, link := filepath.Join(dir, "away"), filepath.Join(dir, "link")
	must(t, os.Mkdir(away, 0o777), os.Symlink("away", link))
	keep(t, Place{away, "checkpoint"}, training(), false, 450, 900)
	before := names(t, away)
	place := Place{link, "checkpoint"}
	w := open(place, training(), false)
	w.Keep(stateAfter(1350))
	w.Close()
	if len(*w.warnings) != 1 || !strings.Contains((*w.warnings)[0], link+": is a link") {
		t.Errorf("warnings %q", *w.warnings)
	}
	stops(t, place, link, atomicfile.ErrLink)
	if err := place.RemoveAll(); !errors.Is(err, atomicfile.ErrLink) {
		t.Errorf("removed: error %v", err)
	}
	if after := names(t, away); !slices.Equal(before, after) {
		t.Errorf("files %q, before %q", after, before)
	}
}
