package main

import (
	"bnlab/blas"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestLoad: many small trials by sixteen workers, whatever the cores, end as by one.
func TestLoad(t *testing.T) {
	cleanEnv(t)
	give(t, few())
	defer blas.SetCores(blas.SetCores(16))
	seeds, dir := times(12, 500), t.TempDir()
	sweep := func(workers string) string {
		out := filepath.Join(dir, workers)
		want(t, exitDone, small("sweep plan sigma --sigmas 0.1 --fuse 3 --workers 16 --seeds", strconv.Itoa(seeds), "--train-size 400 --test-size 100 --out", out)...)
		want(t, exitDone, strings.Fields("sweep run --quiet --dataset synthetic --workers "+workers+" "+out)...)
		return out
	}
	one, many := sweep("1"), sweep("16")
	s := collected(t, many)
	if s.Trials != 2*seeds || s.Groups[0].N != seeds || s.Groups[1].N != seeds {
		t.Errorf("%d trials of %d: %+v", s.Trials, 2*seeds, s.Groups)
	}
	other := records(t, many)
	for path, text := range records(t, one) {
		if diff := cmp.Diff(text, other[path]); diff != "" {
			t.Fatalf("%s: one worker − sixteen workers +\n%s", path, diff)
		}
	}
}

// TestSoak: what a process that trains one network after another holds of memory
// and open files does not grow with the networks. BNLAB_TEST_SOAK says for
// how long, and then the data are of their full size.
func TestSoak(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("reads /proc")
	}
	cleanEnv(t)
	dir, length, enlarged := filepath.Join(t.TempDir(), "run"), 2*time.Second, fewVariable+"=1"
	line := "compare --quiet --dataset synthetic --val 100 --ns 40 --cycles 1 --batch 20 --depth 2,3 --seeds 2000 --out "
	if soak > 0 {
		length, enlarged = soak, fewVariable+"="
		line = "compare --quiet --dataset synthetic --ns 225 --cycles 1 --depth 3,9 --seeds 2000 --out "
	}
	cmd, _, stderr := process(t, line+dir)
	cmd.Env = append(cmd.Env, enlarged)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	until(t, func() bool { return countResults(dir) > 0 })
	const parts = 10
	var most [parts]int // MB, in each part of the time
	for start := time.Now(); ; time.Sleep(length / parts / 20) {
		part := int(parts * time.Since(start) / length)
		if part >= parts {
			break
		}
		most[part] = max(most[part], holds(t, cmd.Process.Pid))
	}
	done := countResults(dir)
	open, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	cmd.Process.Signal(os.Interrupt)
	cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != exitInterrupted {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	t.Logf("%v, %d trainings, %d open files; most memory in each tenth, MB: %v", length, done, len(open), most)
	early, late := slices.Max(most[:parts/2]), slices.Max(most[parts/2:])
	if soak == 0 {
		early *= 2 // seconds do not tell a leak from a heap that finds its size
	}
	if late > early+early/20+10 {
		t.Errorf("%d MB in the second half, %d in the first", late, early)
	}
	if len(open) > 32 {
		t.Errorf("%d open files", len(open))
	}
}

// soak is how long TestSoak watches, where the caller says so.
var soak, _ = time.ParseDuration(os.Getenv("BNLAB_TEST_SOAK"))

// holds returns the resident memory of a process, in MB.
func holds(t *testing.T, pid int) int {
	t.Helper()
	var all, resident int // in pages
	statm, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err == nil {
		_, err = fmt.Sscan(string(statm), &all, &resident)
	}
	if err != nil {
		t.Fatal(err)
	}
	return resident * os.Getpagesize() / 1e6
}
