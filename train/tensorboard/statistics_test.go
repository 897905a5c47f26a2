package tensorboard

import (
	"bytes"
	"testing"
	"time"

	"bnlab/train"
)

// TestStatistics: what was evaluated with other statistics of batch normalisation has tags
// of its own, and only then.
func TestStatistics(t *testing.T) {
	p := train.Point{Step: 1}
	plain := point(time.Unix(1, 0), p)
	p.Adaptive = &train.Measured{TrainLoss: 1, TrainAcc: 0.5, ValLoss: 2, ValAcc: 0.25}
	with := point(time.Unix(1, 0), p)
	for _, tag := range []string{"loss/train-adaptive", "loss/val-adaptive", "accuracy/train-adaptive", "accuracy/val-adaptive"} {
		if bytes.Contains(plain, []byte(tag)) || !bytes.Contains(with, []byte(tag)) {
			t.Errorf("%s: without %v, with %v", tag, bytes.Contains(plain, []byte(tag)), bytes.Contains(with, []byte(tag)))
		}
	}
	if bytes.Contains(with, []byte("precise")) {
		t.Error("statistics that were not asked for")
	}
}
