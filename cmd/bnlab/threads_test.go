package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"bnlab/cmd/internal/results"
)

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
		stdout, err := shellCommand(t, "echo $$ >"+group+"/cgroup.procs && exec bnlab info --json").Output()
		if err != nil {
			t.Fatal(err)
		}
		var r results.Info
		result{stdout: string(stdout)}.decode(t, &r)
		if want := min(v.cores, runtime.NumCPU()); r.Cores != want {
			t.Errorf("quota of %d in 100000 µs, GOMAXPROCS=%q: %d cores, want %d", v.quota, v.asked, r.Cores, want)
		}
	}
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
		if os.WriteFile(filepath.Join(group, name), fmt.Appendf(nil, text, quota), 0) == nil {
			return
		}
	}
	t.Skip("the control group takes no quota")
}
