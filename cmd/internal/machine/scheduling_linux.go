package machine

import (
	"os"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// timeSlice is how long a thread may keep its core while others wait: Linux grants up to
// 0.1 s to who asks, from 6.12 on.
const timeSlice = 100 * time.Millisecond

// ScheduleAsBatch asks the system to treat this process as one that computes: its threads
// keep a core longer, with what is in its caches, and take none from a thread that runs.
// Where more trainings than cores share a host, and between a training and Go's own
// threads, changes of threads otherwise cost 5 to 10 % (docs/performance.md). Other
// programs get their turn as before, or earlier. What is refused changes nothing.
func ScheduleAsBatch() {
	tasks, _ := os.ReadDir("/proc/self/task") // threads made later are as those that make them
	for _, task := range tasks {
		if tid, err := strconv.Atoi(task.Name()); err == nil {
			scheduleAsBatch(tid)
		}
	}
}

// scheduleAsBatch does so for a thread, unless its policy has been chosen by someone else.
func scheduleAsBatch(tid int) {
	now, err := unix.SchedGetAttr(tid, 0)
	if err != nil || now.Policy != unix.SCHED_NORMAL {
		return
	}
	unix.SchedSetAttr(tid, &unix.SchedAttr{
		Size: unix.SizeofSchedAttr, Policy: unix.SCHED_BATCH, Nice: now.Nice, Runtime: uint64(timeSlice),
	}, 0)
}
