package main

import (
	"os"
	"strings"
	"testing"

	"bnlab/cmd/internal/machine"
)

// allow sets how much memory commands may take, for the time of a test.
func allow(t *testing.T, bytes int) {
	t.Cleanup(machine.SetFree(machine.Memory{Bytes: bytes, Of: "this test"}))
}

// TestEnoughMemory: what does not fit into memory is refused before it trains, by
// every command that trains, and no folder is left.
func TestEnoughMemory(t *testing.T) {
	cleanEnv(t)
	t.Chdir(t.TempDir())
	allow(t, 30e6)
	for _, args := range [][]string{
		small("train --hidden 500"),
		small("compare --depth 3 --seeds 8 --workers 1 --fuse 8 --out run"),
		strings.Fields("gradcheck --dataset synthetic --hidden 700 --sample 1"),
		small("bench --workers 1 --fuse 4 --hidden 100"),
	} {
		r := want(t, exitUsage, args...)
		if !strings.HasPrefix(r.stderr, "bnlab: training takes 0.0") || !strings.Contains(r.stderr, " GB of memory, this process may take 0.03 GB (free of this test); ") {
			t.Errorf("%s: %s", args[0], r.stderr)
		}
	}
	if files, _ := os.ReadDir("."); len(files) > 0 {
		t.Errorf("left: %v", files)
	}
	want(t, exitDone, small("compare --depth 3 --seeds 8 --workers 1 --fuse 4 --quiet")...)
	allow(t, 2e9)
	if r := want(t, exitUsage, "train", "--dataset", "synthetic", "--batch", "1000000"); !strings.Contains(r.stderr, "only 45000 training images") {
		t.Errorf("a batch of more images than there are: %s", r.stderr)
	}
}

// TestSweepEnoughMemory: of a plan, what there is to train counts: the largest units
// that may meet.
func TestSweepEnoughMemory(t *testing.T) {
	cleanEnv(t)
	t.Chdir(t.TempDir())
	want(t, exitDone, small("sweep plan compare --depth 3 --seeds 4 --fuse 4 --out run")...)
	allow(t, 1e6)
	run := strings.Fields("sweep run --dataset synthetic --workers 1 run")
	want(t, exitUsage, run...)
	allow(t, 40e6)
	want(t, exitDone, run...)
	allow(t, 1e6)
	want(t, exitDone, run...)
}
