package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// One trial is told as one.
func TestStatusOfOneTrial(t *testing.T) {
	cleanEnv(t)
	dir := filepath.Join(t.TempDir(), "one")
	want(t, exitDone, append(small("sweep plan lambda --lambdas 1e-3 --seeds 1"), "--out", dir)...)
	if out := want(t, exitDone, "sweep", "status", dir).stdout; !strings.Contains(out, "1 trial in 1 unit:") {
		t.Errorf("status prints %q", out)
	}
}
