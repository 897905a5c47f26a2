package checkpoint

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"bnlab/train"
	"bnlab/train/disk"
)

// kept is how many checkpoints of a training stay on disk: should the last one
// be damaged, the one before it serves.
const kept = 2

// Store keeps the checkpoints of one training in a place, as a train.Keeper. It
// writes them beside the training, one at a time: of those that wait, the newest
// counts. Several processes may train the same in one place: they write the same
// to the same files, and none minds what another removes.
type Store struct {
	place Place
	of    Training
	warn  func(error)
	fresh bool

	queue chan train.State
	done  chan struct{} // closed when the last one is written
}

// Open returns the store of a training in a folder that is there. It tells warn,
// maybe from another goroutine, of checkpoints that are of no use, and of the
// first that cannot be written. A fresh training finds none: those that are there
// stay until its own first one is written. The store must be closed.
func Open(place Place, of Training, fresh bool, warn func(error)) *Store {
	s := &Store{place: place, of: of, warn: warn, fresh: fresh, queue: make(chan train.State, 1), done: make(chan struct{})}
	go s.write()
	return s
}

// Restore implements train.Keeper. A checkpoint of no use is renamed to have
// .bad at its end, with a warning.
func (s *Store) Restore(use func(train.State) error) {
	if s.fresh {
		return
	}
	for _, path := range s.place.files() {
		file, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue // another process has removed it
		}
		if err == nil {
			var state train.State
			if state, err = s.of.decode(file); err == nil {
				err = use(state)
			}
		}
		if err == nil {
			return
		}
		s.setAside(path, err)
	}
}

func (s *Store) setAside(path string, reason error) {
	var file *fs.PathError
	if errors.As(reason, &file) {
		reason = file.Err
	}
	aside := path + ".bad"
	what := "set aside as " + filepath.Base(aside)
	if err := os.Rename(path, aside); err != nil && !errors.Is(err, fs.ErrNotExist) {
		what = fmt.Sprintf("cannot be set aside (%v)", errors.Unwrap(err))
	}
	s.warn(fmt.Errorf("%s: checkpoint of no use: %w; %s, the one before it or the start is used", path, reason, what))
}

// Keep implements train.Keeper. It does not wait for the disk.
func (s *Store) Keep(state train.State) {
	select {
	case <-s.queue: // an older one that still waits
	default:
	}
	s.queue <- state
}

// Close returns when what Keep was given last is on the disk.
func (s *Store) Close() {
	close(s.queue)
	<-s.done
}

// write writes what it is given.
func (s *Store) write() {
	defer close(s.done)
	warned := false
	for state := range s.queue {
		err := s.save(state)
		// Another process that has ended the training removes files on the way.
		if err != nil && !errors.Is(err, fs.ErrNotExist) && !warned {
			warned = true
			s.warn(fmt.Errorf("no checkpoint: %w; the training goes on without", err))
		}
	}
}

// save writes one checkpoint and removes those before the last two.
func (s *Store) save(state train.State) error {
	parts, err := s.of.encode(state)
	if err != nil {
		return err
	}
	if s.fresh {
		if err := s.place.Remove(); err != nil {
			return err
		}
		s.fresh = false
	}
	if err := disk.Write(s.place.file(state.Steps), parts...); err != nil {
		return err
	}
	if files := s.place.files(); len(files) > kept {
		return remove(files[kept:])
	}
	return nil
}
