package checkpoint

import (
	"math/rand/v2"
	"testing"
	"time"

	"bnlab/train/atomicfile"
)

// slowDisk lets the test say when a checkpoint is on the disk.
type slowDisk struct {
	begun              chan string // path of the one whose writing begins
	release, completed chan bool
}

func slow(t *testing.T) slowDisk {
	d := slowDisk{make(chan string), make(chan bool), make(chan bool)}
	t.Cleanup(func() { write = atomicfile.Write })
	write = func(path string, parts ...[]byte) error {
		d.begun <- path
		<-d.release
		err := atomicfile.Write(path, parts...)
		d.completed <- true
		return err
	}
	return d
}

// TestSlowDisk: however long the disk takes for a checkpoint, the training does not
// wait; the disk holds the last epoch that had ended when the write of that checkpoint
// began, and if there is a newer one, the newest is being written. So a kill loses at
// most one epoch and what was trained during two writes. The store reports while a
// state is not on disk.
func TestSlowDisk(t *testing.T) {
	d, random := slow(t), rand.New(rand.NewPCG(17, 1))
	for range 60 {
		place := Place{t.TempDir(), "checkpoint"}
		w := open(place, training(), false)
		ended, writing, onDisk := 0, 0, 0 // epochs; 0 for none
		begins := func() {
			select {
			case path := <-d.begun:
				if path != place.file(training(), ended) {
					t.Fatalf("%s is written after epoch %d", path, ended)
				}
			case <-time.After(10 * time.Second):
				t.Fatalf("after epoch %d that of epoch %d is on disk, and nothing is written", ended, onDisk)
			}
			writing = ended
		}
		writes := func() {
			d.release <- true
			<-d.completed
			onDisk, writing = writing, 0
			if ended > onDisk {
				begins()
			}
		}
		for range 1 + random.IntN(12) {
			if epochEnds := random.IntN(2) == 0; epochEnds {
				ended++
				w.Keep(stateAfter(ended))
				if writing == 0 {
					begins()
				}
			} else if writing > 0 {
				writes()
			}
			left, warnings := restored(t, place, training()) // what a process that is killed now will continue from
			if left.Steps != onDisk || warnings != nil {
				t.Fatalf("after epoch %d that of epoch %d is on disk, want %d; warnings %q", ended, left.Steps, onDisk, warnings)
			}
			if writing > 0 && !Saving() {
				t.Fatalf("after epoch %d nothing is being saved, epoch %d is on disk", ended, onDisk)
			}
		}
		for writing > 0 {
			writes()
		}
		w.Close()
		if Saving() || *w.warnings != nil || *w.stopped != nil {
			t.Errorf("saving %v, warnings %q, stopped %v", Saving(), *w.warnings, *w.stopped)
		}
	}
}
