package tensorboard

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"bnlab/train"
	"bnlab/train/atomicfile"
	"bnlab/train/experiment"
)

// Log is an observer that writes the curve of every trial, point by point, to its own
// folder, and forwards everything to another observer. A restarted trial gets another
// file there, which supersedes the earlier ones. The first error ends the writing,
// never a training.
type Log struct {
	experiment.Observer
	Dir func(experiment.Trial) string // the folder of a trial

	mu    sync.Mutex
	files map[string]*os.File // by trial
	err   error
}

// Start opens the files of a unit.
func (l *Log) Start(trials []experiment.Trial) {
	l.mu.Lock()
	for _, t := range trials {
		if l.err == nil {
			l.err = l.open(t)
		}
	}
	l.mu.Unlock()
	l.Observer.Start(trials)
}

// open begins the file of a trial.
func (l *Log) open(t experiment.Trial) error {
	dir, now := l.Dir(t), time.Now()
	if err := atomicfile.MakeDirs(dir); err != nil {
		return err
	}
	host, err := os.Hostname()
	if err != nil {
		host = "localhost"
	}
	// TensorBoard reads the files of a folder in the order of their names.
	name := fmt.Sprintf("events.out.tfevents.%010d.%09d.%s.%d", now.Unix(), now.Nanosecond(), host, os.Getpid())
	f, err := os.OpenFile(filepath.Join(dir, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	if l.files == nil {
		l.files = map[string]*os.File{}
	}
	l.files[t.ID] = f
	_, err = f.Write(head(now))
	return atomicfile.Named(f.Name(), err)
}

// Point writes a point at once, so that it shows while the training runs.
func (l *Log) Point(t experiment.Trial, p train.Point) {
	l.mu.Lock()
	if f := l.files[t.ID]; f != nil && l.err == nil {
		_, err := f.Write(point(time.Now(), p))
		l.err = atomicfile.Named(f.Name(), err)
	}
	l.mu.Unlock()
	l.Observer.Point(t, p)
}

// Done closes the files of a unit.
func (l *Log) Done(outcomes []experiment.Outcome) {
	l.mu.Lock()
	for _, o := range outcomes {
		l.close(o.Trial.ID)
	}
	l.mu.Unlock()
	l.Observer.Done(outcomes)
}

// Reached closes the files of a unit at a rung: those that go on get others.
func (l *Log) Reached(trials []experiment.Trial) {
	l.end(trials)
	l.Observer.Reached(trials)
}

// Taken closes the files of a unit that another process trains on.
func (l *Log) Taken(trials []experiment.Trial) {
	l.end(trials)
	l.Observer.Taken(trials)
}

// end closes the files of trials.
func (l *Log) end(trials []experiment.Trial) {
	l.mu.Lock()
	for _, t := range trials {
		l.close(t.ID)
	}
	l.mu.Unlock()
}

// close closes the file of a trial.
func (l *Log) close(id string) {
	if f := l.files[id]; f != nil {
		l.err = cmp.Or(l.err, atomicfile.Named(f.Name(), f.Close()))
		delete(l.files, id)
	}
}

// Close closes the files of trials that are not Done and returns the first error, which
// names its file.
func (l *Log) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for id := range l.files {
		l.close(id)
	}
	return l.err
}
