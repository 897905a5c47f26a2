// Package machine says which resources of the machine this process may use, and ends
// the program with one line when they are exhausted.
package machine

import (
	"bufio"
	"bytes"
	"io/fs"
	"math"
	"os"
	"path"
	"strconv"
	"strings"

	"bnlab/train/message"
)

// Memory is how much more memory this process may use, and what limits it.
type Memory struct {
	Bytes int    // math.MaxInt if no limit is known
	Of    string // such as "this host"
}

// Free returns the minimum of what the host, the control groups of this process and its
// own limits (ulimit -v, -d) leave. Without Linux's /proc no limit is known.
func Free() Memory { return free(os.DirFS("/")) }

func free(root fs.FS) Memory {
	least := hostMemory(root)
	for _, m := range append(limits(root), groupMemory(root)) {
		if m.Bytes < least.Bytes {
			least = m
		}
	}
	least.Bytes = max(0, least.Bytes)
	return least
}

// hostMemory is what programs can still use of the host without swapping.
func hostMemory(root fs.FS) Memory {
	kB, ok := fields(root, "proc/meminfo")["MemAvailable:"]
	if !ok {
		return Memory{Bytes: math.MaxInt}
	}
	return Memory{Bytes: kB << 10, Of: "this host"}
}

// limits are those of the process itself, minus what it uses.
func limits(root fs.FS) (all []Memory) {
	status := fields(root, "proc/self/status")
	text, _ := fs.ReadFile(root, "proc/self/limits") // lines as Max data size  SOFT  HARD  bytes
	for line := range strings.Lines(string(text)) {
		for _, l := range []struct{ name, used, of string }{
			{"Max address space", "VmSize:", "ulimit -v, address space"},
			{"Max data size", "VmData:", "ulimit -d, data"},
		} {
			after, _ := strings.CutPrefix(line, l.name)
			soft, _, _ := strings.Cut(strings.TrimSpace(after), " ")
			if limit, err := strconv.Atoi(soft); err == nil && after != line {
				all = append(all, Memory{limit - status[l.used]<<10, l.of})
			}
		}
	}
	return all
}

// groupMemory is the minimum left by the control groups of this process and their
// parents. Cached files count as free, since they can be evicted. Both versions of
// control groups are supported.
func groupMemory(root fs.FS) Memory {
	least := Memory{math.MaxInt, "its control group"}
	groups, _ := fs.ReadFile(root, "proc/self/cgroup") // lines as 4:memory:/job, in version 2 0::/job
	for line := range strings.Lines(string(groups)) {
		field := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(field) != 3 {
			continue
		}
		dir, limit, used, cache := "sys/fs/cgroup", "memory.max", "memory.current", "inactive_file"
		if field[1] != "" {
			dir, limit, used, cache = "sys/fs/cgroup/"+field[1], "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"
		}
		for group := path.Clean("/" + field[2]); ; group = path.Dir(group) {
			at := path.Join(dir, group)
			if most, ok := number(root, path.Join(at, limit)); ok {
				has, _ := number(root, path.Join(at, used))
				least.Bytes = min(least.Bytes, most-has+min(has, fields(root, path.Join(at, "memory.stat"))[cache]))
			}
			if group == "/" {
				break
			}
		}
	}
	return least
}

// number reads a file of a single number.
func number(root fs.FS, path string) (int, bool) {
	text, _ := fs.ReadFile(root, path)
	n, err := strconv.Atoi(strings.TrimSpace(string(text)))
	return n, err == nil
}

// fields reads a file of lines as "VmSize:  100 kB", without the units.
func fields(root fs.FS, path string) map[string]int {
	all := map[string]int{}
	text, _ := fs.ReadFile(root, path)
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		words := strings.Fields(lines.Text())
		if len(words) < 2 {
			continue
		}
		if n, err := strconv.Atoi(words[1]); err == nil {
			all[words[0]] = n
		}
	}
	return all
}

// Room returns an error if something needs more memory, in bytes, than is free: the
// system would kill the process, and everything training beside it.
func Room(what string, bytes float64, advice string) error {
	if free := freeMemory(); bytes > float64(free.Bytes) {
		return message.Fieldf("%s needs %.3g GB of memory, this process may use %.3g GB (limited by %s); %s",
			what, 1e-9*bytes, 1e-9*float64(free.Bytes), free.Of, advice)
	}
	return nil
}

// RoomToTrain is Room for trainings.
func RoomToTrain(bytes float64) error {
	return Room("training", bytes, "use fewer units per layer, images per batch or networks at once")
}

// freeMemory is Free. Tests of commands replace it.
var freeMemory = Free

// SetFree makes Room assume that m is free until restore is called: for tests.
func SetFree(m Memory) (restore func()) {
	freeMemory = func() Memory { return m }
	return func() { freeMemory = Free }
}
