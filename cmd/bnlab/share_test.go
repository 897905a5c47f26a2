package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"bnlab/train/claim"
)

// member is a process that trains a folder with others.
type member struct {
	*exec.Cmd
	stderr *bytes.Buffer
	ended  chan error
}

// holders returns the units that have begun to train in a run folder, by the processes
// that train them.
func holders(t *testing.T, dir string) map[int]string {
	t.Helper()
	by := map[int]string{}
	paths, _ := filepath.Glob(filepath.Join(dir, "trials", "*", "claim"))
	for _, path := range paths {
		var c claim.Claim
		if text, err := os.ReadFile(path); err == nil && json.Unmarshal(text, &c) == nil && c.Steps > 0 {
			by[c.Process] = filepath.Base(filepath.Dir(path))
		}
	}
	return by
}

// stopInTraining stops one of the processes while it trains, and returns it and its unit: one
// whose events are in curves, and which has no result yet.
func stopInTraining(t *testing.T, dir, curves string, members map[int]member) (pid int, unit string) {
	t.Helper()
	until(t, func() bool {
		for pid, unit = range holders(t, dir) {
			m, ours := members[pid]
			if !ours || m.Process.Signal(syscall.SIGSTOP) != nil {
				continue
			}
			until(t, func() bool { return rests(pid) })
			_, err := os.Stat(filepath.Join(dir, "trials", unit, "result.json"))
			if holders(t, dir)[pid] == unit && err != nil && len(glob(filepath.Join(curves, unit), "*")) == 1 {
				return true
			}
			m.Process.Signal(syscall.SIGCONT) // it had just ended, or not begun
		}
		return false
	})
	return pid, unit
}

// rests reports whether all threads of a process are stopped: the signal has reached it
// before it has reached them.
func rests(pid int) bool {
	for _, path := range glob(fmt.Sprintf("/proc/%d/task", pid), "*/stat") {
		stat, err := os.ReadFile(path)
		if _, state, found := strings.Cut(string(stat), ") "); err == nil && found && !strings.HasPrefix(state, "T") {
			return false
		}
	}
	return true // or there are no such files to say
}

// lateNote is what a process says that finds its unit taken over, or trained by another too: here
// the stopped one, and on a busy machine others that did not run for a while.
var lateNote = regexp.MustCompile(`NOTE: (\S+): (?:this process did not run for a while|another process finished first).*\n`)

// TestSharedFolder: of eight processes that share a folder without shards two are killed
// and one is stopped until another has taken its unit, and goes on. Each unit is trained
// once, those taken over aside, and the records are those of one process.
func TestSharedFolder(t *testing.T) {
	cleanEnv(t)
	const flags = "--dataset synthetic --val 100 --ns 200 --cycles 1 --batch 20 --evals 4 --eval-train 100 --depth 2 --seeds 10 --fuse off"
	calm := filepath.Join(t.TempDir(), "calm")
	complete(t, "compare --quiet "+flags+" --out "+calm)
	for range times(1, 20) {
		dir, curves := filepath.Join(t.TempDir(), "run"), t.TempDir()
		complete(t, "sweep plan compare "+flags+" --out "+dir)
		members := map[int]member{}
		for range 8 {
			cmd, _, stderr := process(t, "sweep run --quiet --workers 1 --tensorboard "+curves+" "+dir)
			cmd.Env = append(cmd.Env, beatVariable+"=300ms") // eight processes wait for two cores longer than for less
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			m := member{cmd, stderr, make(chan error, 1)}
			go func() { m.ended <- cmd.Wait() }()
			members[cmd.Process.Pid] = m
		}
		var again []string // units that are trained again
		for range 2 {
			pid, unit := stopInTraining(t, dir, curves, members)
			members[pid].Process.Kill()
			<-members[pid].ended
			delete(members, pid)
			again = append(again, unit)
		}
		stopped, unit := stopInTraining(t, dir, curves, members)
		until(t, func() bool { return len(glob(filepath.Join(curves, unit), "*")) == 2 }) // it is taken over
		members[stopped].Process.Signal(syscall.SIGCONT)
		again = append(again, unit)
		notes := ""
		for pid, m := range members {
			if err := <-m.ended; err != nil {
				t.Errorf("process %d: %v", pid, err)
			}
			got := m.stderr.String()
			if lateNote.ReplaceAllString(got, "") != "" {
				t.Errorf("process %d says %q", pid, got)
			}
			notes += got
		}
		if !strings.Contains(notes, "NOTE: "+unit+": ") { // who of the two ends later says so
			t.Errorf("of %s, which two have trained, nobody says anything: %q", unit, notes)
		}
		// Every start of a training has a file of its own. On a busy machine a process may not run
		// for so long that another takes over what it trains too, a few times.
		more := 0
		for _, path := range glob(curves, "*") {
			trial, starts := filepath.Base(path), len(glob(path, "*"))
			least := 1 + strings.Count(strings.Join(again, " ")+" ", trial+" ")
			if more += starts - least; starts < least || more > 4 {
				t.Errorf("%s: trained %d times; taken over: %v", trial, starts, again)
			}
		}
		sameRecords(t, calm, dir)
		for path := range contents(t, dir) {
			if name := filepath.Base(path); !slices.Contains([]string{"plan.json", "study.yaml", "records.csv", "reproduce.sh", "result.json", "curve.jsonl"}, name) {
				t.Errorf("left %s", path)
			}
		}
	}
}

// glob returns the paths in a folder that match.
func glob(dir, pattern string) []string {
	paths, _ := filepath.Glob(filepath.Join(dir, pattern))
	return paths
}
