package experiment

import (
	"errors"
	"testing"

	"bnlab/train"
)

// TestLabRoom: memory is that of the largest units, which may meet, and not of the
// smallest.
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
