package main

import (
	"io/fs"
	"math"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"

	"bnlab/cifar"
	"bnlab/train"
	"bnlab/train/experiment"
)

// memory returns how many bytes this process may use: the host's, or those of its
// control group. Tests set another.
var memory = func() int { return min(hostMemory(), groupMemory(os.DirFS("/"))) }

// enoughMemory returns an error for what needs more memory than there is: the
// system would end the process, and all that trains beside.
func enoughMemory(bytes float64) error {
	if most := float64(memory()); bytes > most {
		return usagef("training takes %.3g GB of memory, this process may use %.3g GB; give fewer units a layer, images a batch or networks at once",
			1e-9*bytes, 1e-9*most)
	}
	return nil
}

// enoughMemory is that for one training on the images. A batch of more images than
// there are is left for the training to refuse.
func (im *images) enoughMemory(c train.Config) error {
	c.Batch = min(c.Batch, im.Train.Len())
	return enoughMemory(train.Bytes([]train.Config{c}, cifar.Dim, cifar.Classes))
}

// enoughMemoryFor is enoughMemory for workers that train the units of the trials:
// the largest ones may meet.
func enoughMemoryFor(trials []experiment.Trial, workers int) error {
	units := map[int][]train.Config{}
	for _, t := range trials {
		units[t.Unit] = append(units[t.Unit], t.Config)
	}
	var sizes []float64
	for _, configs := range units {
		sizes = append(sizes, train.Bytes(configs, cifar.Dim, cifar.Classes))
	}
	slices.Sort(sizes)
	sum := 0.0
	for _, size := range sizes[max(0, len(sizes)-workers):] {
		sum += size
	}
	return enoughMemory(sum)
}

// groupMemory returns the least that the control groups of this process, and those
// they are in, allow it, in bytes. Both versions of control groups are understood.
func groupMemory(root fs.FS) int {
	most := math.MaxInt
	groups, _ := fs.ReadFile(root, "proc/self/cgroup") // lines as 4:memory:/job, in version 2 0::/job
	for line := range strings.Lines(string(groups)) {
		field := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(field) != 3 {
			continue
		}
		dir, file := "sys/fs/cgroup", "memory.max"
		if field[1] != "" {
			dir, file = "sys/fs/cgroup/"+field[1], "memory.limit_in_bytes"
		}
		for group := path.Clean("/" + field[2]); ; group = path.Dir(group) {
			text, _ := fs.ReadFile(root, path.Join(dir, group, file))
			if limit, err := strconv.Atoi(strings.TrimSpace(string(text))); err == nil {
				most = min(most, limit)
			}
			if group == "/" {
				break
			}
		}
	}
	return most
}
