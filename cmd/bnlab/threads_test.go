package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"bnlab/cmd/internal/results"
)

// TestCores: GOMAXPROCS may take cores away, and cannot make some.
func TestCores(t *testing.T) {
	for _, asked := range []int{1, 4096} {
		t.Setenv("GOMAXPROCS", fmt.Sprint(asked))
		if got, most := infoOf(t, "").Cores, min(asked, runtime.NumCPU()); got < 1 || got > most {
			t.Errorf("GOMAXPROCS=%d: %d cores, want 1 to %d", asked, got, most)
		}
	}
}

// TestOneThread: a command that says nothing of threads multiplies with one, not
// with as many as the library takes by itself.
func TestOneThread(t *testing.T) {
	t.Setenv("OPENBLAS_NUM_THREADS", "2")
	if b := infoOf(t, "").Backend; b.Name == "openblas" && b.Threads != 1 {
		t.Errorf("%d threads", b.Threads)
	}
}

// TestCoresQuota: of a quota, whole cores count, one at least; beyond them threads
// would take turns.
func TestCoresQuota(t *testing.T) {
	group := controlGroup(t)
	for _, v := range []struct {
		quota, cores int
		asked        string
	}{{50_000, 1, ""}, {100_000, 1, ""}, {150_000, 1, ""}, {250_000, 2, ""}, {150_000, 1, "4096"}} {
		t.Setenv("GOMAXPROCS", v.asked)
		limit(t, group, v.quota)
		if got, want := infoOf(t, group).Cores, min(v.cores, runtime.NumCPU()); got != want {
			t.Errorf("quota of %d in 100000 µs, GOMAXPROCS=%q: %d cores, want %d", v.quota, v.asked, got, want)
		}
	}
}

// infoOf returns what the program tells of itself as a process of its own, in a
// control group where one is given.
func infoOf(t *testing.T, group string) (r results.Info) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "bnlab") // by which the test binary is the program
	if err := os.Symlink(exe, link); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(link, "info", "--json")
	if group != "" {
		join := `echo $$ >"$0" && exec "$@"`
		cmd = exec.Command("sh", append([]string{"-c", join, filepath.Join(group, "cgroup.procs")}, cmd.Args...)...)
	}
	stdout, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	result{stdout: string(stdout)}.decode(t, &r)
	return r
}

// controlGroup makes a control group for CPU time, where this process may.
func controlGroup(t *testing.T) string {
	for _, parent := range []string{"/sys/fs/cgroup/cpu", "/sys/fs/cgroup"} {
		group := filepath.Join(parent, fmt.Sprintf("bnlab-test-%d", os.Getpid()))
		if os.Mkdir(group, 0o755) == nil {
			t.Cleanup(func() { os.Remove(group) })
			return group
		}
	}
	t.Skip("this process may not make a control group")
	return ""
}

// limit gives the group a quota in µs of CPU time every 100000.
func limit(t *testing.T, group string, quota int) {
	t.Helper()
	for name, text := range map[string]string{"cpu.cfs_quota_us": "%d", "cpu.max": "%d 100000"} {
		if file, err := os.OpenFile(filepath.Join(group, name), os.O_WRONLY, 0); err == nil {
			defer file.Close()
			if _, err := fmt.Fprintf(file, text, quota); err == nil {
				return
			}
		}
	}
	t.Skip("the control group takes no quota")
}
