package claim

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"bnlab/train/atomicfile"
)

// State is the state of a claim as other processes see it.
type State int

// The states of a claim.
const (
	None      State = iota // there is none
	Alive                  // its holder works, as far as one can tell
	Abandoned              // its holder has ended, or has not changed it for too long
)

// Watch follows a claim of another process.
type Watch struct {
	Path string

	content   []byte // when last seen; nil for no file
	looked    time.Time
	unchanged time.Duration
	met       bool // there was one
}

// Look reads the file. One that is not a claim is like one whose holder is unknown. One
// that cannot be read, such as a link, is an error.
func (w *Watch) Look() (State, error) {
	content, err := atomicfile.Head(w.Path, size)
	now := time.Now()
	switch {
	case errors.Is(err, fs.ErrNotExist):
		w.content = nil
		return None, nil
	case errors.As(err, new(atomicfile.Unfit)):
		return None, fmt.Errorf("%s: %w; move it away, and run this again", w.Path, err)
	case err != nil:
		return None, err
	}
	if w.content == nil || !bytes.Equal(content, w.content) {
		w.content, w.unchanged, w.met = content, 0, true
	} else {
		// If this process did not run, the holder may not have either.
		w.unchanged += min(now.Sub(w.looked), 2*Beat)
	}
	w.looked = now
	if w.unchanged >= Patience || w.Claim().Dead() {
		return Abandoned, nil
	}
	return Alive, nil
}

// Claim returns what the file said when last seen; zero if that is unreadable.
func (w *Watch) Claim() Claim {
	c, _ := parse(w.content)
	return c
}

// Unchanged returns for how long the looks have shown the same content; 0 if the last
// one showed another than the one before.
func (w *Watch) Unchanged() time.Duration { return w.unchanged }

// Try claims the file for this process, for work of so many steps. If another holds it,
// the error wraps fs.ErrExist; one that cannot be read is an error too. Where no claim can
// be made it returns nil, to work without. lost is called, at most once and possibly by
// another goroutine, when another process has taken the claim over; it must not call
// methods of the Held.
func (w *Watch) Try(of int, lost func()) (*Held, error) {
	h, err := hold(w.Path, of, lost)
	switch {
	case errors.Is(err, fs.ErrExist):
		if _, unread := w.Look(); unread != nil {
			return nil, unread
		}
		return nil, err
	case err != nil:
		return nil, nil
	case !w.met:
		return h, nil
	}
	// Others may have been about to take an abandoned claim, and meet this one instead:
	// they put it back, unless a third has been quicker.
	time.Sleep(Beat / 20)
	if !h.confirm() {
		h.Release()
		return nil, fmt.Errorf("%s: %w", w.Path, fs.ErrExist)
	}
	return h, nil
}

// Take removes an abandoned claim if it is still the one seen last. If it turns out to
// be another's, who was quicker, it is put back.
func (w *Watch) Take() error {
	name := filepath.Base(w.Path)
	if now, err := atomicfile.Head(w.Path, size); err != nil || !bytes.Equal(now, w.content) {
		return nil // another look will tell
	}
	beforeTake()
	aside := filepath.Join(filepath.Dir(w.Path), asideName(name))
	if err := atomicfile.Rename(w.Path, filepath.Base(aside)); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // another process was first
		}
		return err
	}
	if moved, err := atomicfile.Head(aside, size); err != nil || !bytes.Equal(moved, w.content) {
		_ = atomicfile.Link(aside, name) // if there is a new one already, its holder goes on
	}
	return atomicfile.Remove(aside)
}

// beforeTake is where a test changes the claim.
var beforeTake = func() {}

// asideName returns a unique name for a claim that is taken away.
func asideName(name string) string { return name + "." + rand.Text() }

// isAside reports whether n is such a name.
func isAside(n, name string) bool {
	random, ok := strings.CutPrefix(n, name+".")
	return ok && len(random) == len(rand.Text()) && strings.Trim(random, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") == ""
}
