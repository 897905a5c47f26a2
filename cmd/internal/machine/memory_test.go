package machine

import (
	"math"
	"testing"
	"testing/fstest"
)

func file(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }

// TestFree: the tightest bound counts, less what is taken.
func TestFree(t *testing.T) {
	const (
		meminfo = "MemTotal:       24646840 kB\nMemFree:        1 kB\nMemAvailable:   3000 kB\n"
		status  = "Name:\tbnlab\nVmSize:\t     1000 kB\nVmData:\t      500 kB\n"
	)
	for name, v := range map[string]struct {
		root fstest.MapFS
		want Memory
	}{
		"no bound known": {fstest.MapFS{}, Memory{Bytes: math.MaxInt}},
		"an old kernel":  {fstest.MapFS{"proc/meminfo": file("MemTotal: 5 kB\n")}, Memory{Bytes: math.MaxInt}},
		"the host":       {fstest.MapFS{"proc/meminfo": file(meminfo)}, Memory{3000 << 10, "this host"}},
		"no limits": {fstest.MapFS{"proc/meminfo": file(meminfo), "proc/self/status": file(status),
			"proc/self/limits": file("Max address space         unlimited            unlimited            bytes     \n")}, Memory{3000 << 10, "this host"}},
		"address space": {fstest.MapFS{"proc/meminfo": file(meminfo), "proc/self/status": file(status),
			"proc/self/limits": file("Max address space         1124000              unlimited            bytes     \n")}, Memory{100000, "ulimit -v, address space"}},
		"data": {fstest.MapFS{"proc/meminfo": file(meminfo), "proc/self/status": file(status),
			"proc/self/limits": file("Max data size             600000               unlimited            bytes     \nMax address space         9124000              unlimited            bytes     \n")},
			Memory{88000, "ulimit -d, data"}},
		"more than there is": {fstest.MapFS{"proc/self/status": file(status),
			"proc/self/limits": file("Max data size             1000                 unlimited            bytes     \n")}, Memory{0, "ulimit -d, data"}},
		"the group": {fstest.MapFS{"proc/meminfo": file(meminfo), "proc/self/cgroup": file("0::/\n"),
			"sys/fs/cgroup/memory.max": file("1000\n")}, Memory{1000, "its control group"}},
	} {
		if got := free(v.root); got != v.want {
			t.Errorf("%s: %v, want %v", name, got, v.want)
		}
	}
}

// TestGroupMemory: the tightest of a process's control groups counts.
func TestGroupMemory(t *testing.T) {
	for name, v := range map[string]struct {
		root fstest.MapFS
		want int
	}{
		"none":        {fstest.MapFS{}, math.MaxInt},
		"no limit":    {fstest.MapFS{"proc/self/cgroup": file("0::/job\n"), "sys/fs/cgroup/job/memory.max": file("max\n")}, math.MaxInt},
		"a container": {fstest.MapFS{"proc/self/cgroup": file("0::/\n"), "sys/fs/cgroup/memory.max": file("1000\n")}, 1000},
		"what it has": {fstest.MapFS{"proc/self/cgroup": file("0::/\n"), "sys/fs/cgroup/memory.max": file("1000\n"),
			"sys/fs/cgroup/memory.current": file("700\n"), "sys/fs/cgroup/memory.stat": file("anon 400\nfile 300\ninactive_file 200\n")}, 500},
		"the one above": {fstest.MapFS{"proc/self/cgroup": file("0::/slurm/job_7\n"),
			"sys/fs/cgroup/slurm/job_7/memory.max": file("max\n"), "sys/fs/cgroup/slurm/memory.max": file("2000\n")}, 2000},
		"version 1": {fstest.MapFS{"proc/self/cgroup": file("5:cpu:/\n4:memory:/job\n0::/\n"),
			"sys/fs/cgroup/memory/job/memory.limit_in_bytes": file("3000\n"),
			"sys/fs/cgroup/memory/job/memory.usage_in_bytes": file("1000\n"),
			"sys/fs/cgroup/memory/job/memory.stat":           file("inactive_file 1\ntotal_inactive_file 100\n"),
			"sys/fs/cgroup/memory/memory.limit_in_bytes":     file("9223372036854771712\n")}, 2100},
		"version 1 in a container": {fstest.MapFS{"proc/self/cgroup": file("4:memory:/docker/1a\n"),
			"sys/fs/cgroup/memory/memory.limit_in_bytes": file("4000\n")}, 4000},
	} {
		if got := groupMemory(v.root).Bytes; got != v.want {
			t.Errorf("%s: %d, want %d", name, got, v.want)
		}
	}
}
