package shell

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"
)

// TestGiveUp: after a signal the program waits for a checkpoint that a slow disk is
// still writing, as long as it takes, and says so once; without one it ends.
func TestGiveUp(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	end := make(chan int, 1)
	asked := 0
	saving := func(left int) func() bool {
		asked = 0
		return func() bool {
			if asked++; asked == 5 {
				end <- ExitFailed
			}
			return asked <= left
		}
	}
	var stderr bytes.Buffer
	if code := WaitOrExit(ctx, end, time.Millisecond, saving(5), &stderr); code != ExitFailed || strings.Count(stderr.String(), "\n") != 1 || !strings.HasPrefix(stderr.String(), "NOTE: interrupted; a slow disk") {
		t.Errorf("saved at last: exit code %d, says %q", code, stderr.String())
	}
	stderr.Reset()
	if code := WaitOrExit(ctx, end, time.Millisecond, saving(3), &stderr); code != ExitInterrupted || asked != 4 || !strings.Contains(stderr.String(), "in the middle of a long operation") {
		t.Errorf("nothing left to save: exit code %d after %d times, says %q", code, asked, stderr.String())
	}
}
