package checkpoint

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync/atomic"

	"bnlab/train"
	"bnlab/train/atomicfile"
)

// kept is how many checkpoints of a training stay on disk: if the last one is damaged,
// the previous one is used.
const kept = 2

// Store keeps the checkpoints of one training in a place, as a train.Checkpointer. It
// writes them in the background, one at a time; of those waiting, it writes only the
// newest, as soon as the disk is free. So the disk holds the state of the last epoch
// that had ended when its write began, and a newer state is on its way: a kill loses at
// most one epoch and what was trained while two checkpoints were written, which takes
// no time on most disks and more than an epoch on a slow one. Several processes may run
// the same training in one place: they write the same content to the same files, and
// cope with files that another has removed.
type Store struct {
	place     Place
	of        Training
	callbacks Callbacks
	fresh     bool
	last      string // path of the one last restored or written

	queue chan train.State
	done  chan struct{} // closed when the last one is written
}

// unsaved counts the states passed to Keep that are not on disk yet.
var unsaved atomic.Int64

// Saving reports whether a store of this process still has to write a state to disk.
func Saving() bool { return unsaved.Load() > 0 }

// Callbacks holds the functions that a store reports to, possibly from another goroutine.
type Callbacks struct {
	// Warn receives an error for each checkpoint that is damaged or belongs to another
	// training, and for the first that cannot be written; the training continues
	// without it.
	Warn func(error)
	// Stop receives the reason why the training must end, like a
	// context.CancelCauseFunc: a checkpoint that cannot be read may be valid, and if
	// the folder is gone nothing can be kept.
	Stop func(error)
}

// Open returns the store of a training in an existing folder. A fresh training
// restores no checkpoint: existing ones stay until its own first one is written. The
// store must be closed.
func Open(place Place, of Training, fresh bool, callbacks Callbacks) *Store {
	s := &Store{place: place, of: of, callbacks: callbacks, fresh: fresh, queue: make(chan train.State, 1), done: make(chan struct{})}
	go s.write()
	return s
}

// Restore implements train.Checkpointer. A damaged checkpoint is renamed with the
// suffix .bad, with a warning; one that cannot be read stops the training.
func (s *Store) Restore(use func(train.State) error) {
	if s.fresh {
		return
	}
	if err := s.restore(use); err != nil {
		s.callbacks.Stop(err)
	}
}

func (s *Store) restore(use func(train.State) error) error {
	own, others, err := s.place.split(s.of)
	if err != nil {
		return err
	}
	for _, c := range own {
		err := s.try(c, use)
		switch {
		case err == nil:
			s.last = c.path
			return nil
		case errors.As(err, new(*atomicfile.Unread)):
			return err
		case !errors.Is(err, fs.ErrNotExist): // another process has removed it
			s.setAside(c.path, err)
		}
	}
	for _, c := range others {
		s.callbacks.Warn(fmt.Errorf("%s: a checkpoint of another training: %s; it is kept, but not used", c.path, s.of.differenceFrom(c.path)))
	}
	return nil
}

// try passes a checkpoint to use.
func (s *Store) try(c entry, use func(train.State) error) error {
	file, err := atomicfile.Read(c.path, s.of.maxFile())
	if err != nil {
		return err
	}
	state, err := s.of.decode(file)
	if err != nil {
		return err
	}
	if state.Steps != c.steps {
		return fmt.Errorf("it is of step %d, which is not the step in its name", state.Steps)
	}
	return use(state)
}

func (s *Store) setAside(path string, reason error) {
	aside := path + ".bad"
	what := "set aside as " + filepath.Base(aside)
	if err := atomicfile.SetAside(path); err != nil {
		what = fmt.Sprintf("cannot be set aside (%v)", errors.Unwrap(err))
	}
	s.callbacks.Warn(fmt.Errorf("%s: unusable checkpoint: %w; %s, using the previous one or the start", path, reason, what))
}

// Keep implements train.Checkpointer. It does not wait for the disk.
func (s *Store) Keep(state train.State) {
	unsaved.Add(1)
	select {
	case <-s.queue: // an older one that still waits
		unsaved.Add(-1)
	default:
	}
	s.queue <- state
}

// Close returns once the last state passed to Keep is on disk.
func (s *Store) Close() {
	close(s.queue)
	<-s.done
}

// Last returns the path of the checkpoint that the training will resume from, empty if
// there is none. The store must be closed.
func (s *Store) Last() string {
	if s.last == "" {
		return ""
	}
	own, _, _ := s.place.Latest(s.of) // another process that is ahead may have removed ours
	return own
}

// write writes what it is given.
func (s *Store) write() {
	defer close(s.done)
	warned := false
	for state := range s.queue {
		err := s.save(state)
		unsaved.Add(-1)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			// Another process that has finished the training removes files meanwhile.
			if _, gone := os.Stat(s.place.Dir); errors.Is(gone, fs.ErrNotExist) {
				s.callbacks.Stop(fmt.Errorf("%s: %w: it disappeared during training; restore it, or name another, and run this again", s.place.Dir, errors.Unwrap(gone)))
			}
		case err != nil && !warned:
			warned = true
			s.callbacks.Warn(err)
		}
	}
}

// write is replaced by a test with that of a slow disk.
var write = atomicfile.Write

// save writes one checkpoint and removes all but the last two.
func (s *Store) save(state train.State) error {
	path := s.place.file(s.of, state.Steps)
	parts, err := s.of.encode(state)
	if err == nil && s.fresh {
		err = s.place.Remove(s.of)
	}
	if err == nil {
		s.fresh = false
		err = write(path, parts...)
	}
	if err != nil {
		return fmt.Errorf("no checkpoint: %w; the training continues without it", err)
	}
	s.last = path
	own, _, err := s.place.split(s.of)
	for _, c := range own[min(kept, len(own)):] {
		err = errors.Join(err, atomicfile.Remove(c.path))
	}
	if err != nil {
		return fmt.Errorf("an outdated checkpoint: %w", err)
	}
	return nil
}
