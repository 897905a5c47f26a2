package main

import (
	"math"
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

// TestEnoughMemory: what does not fit into memory is refused before it trains, by
// every command that trains, and no folder is left.
func TestEnoughMemory(t *testing.T) {
	cleanEnv(t)
	t.Chdir(t.TempDir())
	defer func(before func() int) { memory = before }(memory)
	memory = func() int { return 30e6 }
	for _, args := range [][]string{
		small("train --hidden 500"),
		small("compare --depth 3 --seeds 8 --workers 1 --fuse 8 --out run"),
		strings.Fields("gradcheck --dataset synthetic --hidden 700 --sample 1"),
	} {
		r := want(t, exitUsage, args...)
		if !strings.HasPrefix(r.stderr, "bnlab: training takes 0.0") || !strings.Contains(r.stderr, " GB of memory, this process may use 0.03 GB; ") {
			t.Errorf("%s: %s", args[0], r.stderr)
		}
	}
	if files, _ := os.ReadDir("."); len(files) > 0 {
		t.Errorf("left: %v", files)
	}
	want(t, exitDone, small("compare --depth 3 --seeds 8 --workers 1 --fuse 4 --quiet")...)
	memory = func() int { return 2e9 }
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
	defer func(before func() int) { memory = before }(memory)
	memory = func() int { return 1e6 }
	run := strings.Fields("sweep run --dataset synthetic --workers 1 run")
	want(t, exitUsage, run...)
	memory = func() int { return 40e6 }
	want(t, exitDone, run...)
	memory = func() int { return 1e6 }
	want(t, exitDone, run...)
}

// TestGroupMemory: the tightest of a process's control groups counts.
func TestGroupMemory(t *testing.T) {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	for name, v := range map[string]struct {
		root fstest.MapFS
		want int
	}{
		"none":        {fstest.MapFS{}, math.MaxInt},
		"no limit":    {fstest.MapFS{"proc/self/cgroup": file("0::/job\n"), "sys/fs/cgroup/job/memory.max": file("max\n")}, math.MaxInt},
		"a container": {fstest.MapFS{"proc/self/cgroup": file("0::/\n"), "sys/fs/cgroup/memory.max": file("1000\n")}, 1000},
		"the one above": {fstest.MapFS{"proc/self/cgroup": file("0::/slurm/job_7\n"),
			"sys/fs/cgroup/slurm/job_7/memory.max": file("max\n"), "sys/fs/cgroup/slurm/memory.max": file("2000\n")}, 2000},
		"version 1": {fstest.MapFS{"proc/self/cgroup": file("5:cpu:/\n4:memory:/job\n0::/\n"),
			"sys/fs/cgroup/memory/job/memory.limit_in_bytes": file("3000\n"),
			"sys/fs/cgroup/memory/memory.limit_in_bytes":     file("9223372036854771712\n")}, 3000},
		"version 1 in a container": {fstest.MapFS{"proc/self/cgroup": file("4:memory:/docker/1a\n"),
			"sys/fs/cgroup/memory/memory.limit_in_bytes": file("4000\n")}, 4000},
	} {
		if got := groupMemory(v.root); got != v.want {
			t.Errorf("%s: %d, want %d", name, got, v.want)
		}
	}
}
