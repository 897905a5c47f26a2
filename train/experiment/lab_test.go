package experiment

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"bnlab/train"
)

// TestLabRoom: the memory is that of the largest units, which may run at the same time,
// not of the smallest.
func TestLabRoom(t *testing.T) {
	trial := func(unit, width int) Trial {
		c := train.Default()
		c.Hidden = []int{width}
		return Trial{Unit: unit, Config: c}
	}
	most := 1.9 * train.Bytes([]train.Config{trial(0, 500).Config}, 3072, 10)
	l := &Lab{Dim: 3072, Classes: 10, Workers: 2, Room: func(bytes float64) error {
		if bytes > most {
			return errors.New("no room")
		}
		return nil
	}}
	trials := []Trial{trial(0, 500), trial(1, 5), trial(2, 5), trial(3, 500)}
	if err := l.room(trials); err == nil {
		t.Error("the two largest units do not fit, and nothing says so")
	}
	l.Workers = 1
	if err := l.room(trials); err != nil {
		t.Errorf("one of them fits: %v", err)
	}
}

// TestLabBadPlan: an invalid plan is refused before anything is created or trained.
func TestLabBadPlan(t *testing.T) {
	l := &Lab{Dataset: testData, Dir: filepath.Join(t.TempDir(), "new"), Workers: 1, Fuse: 1}
	bad := seeded("x", small(), 2)
	bad[1].ID = "../../x"
	_, run := l.Run(t.Context(), "test", "", bad)
	if !errors.Is(run, ErrPlan) {
		t.Errorf("error %v", run)
	}
	if _, err := os.Stat(l.Dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder is there: %v", err)
	}
}
