package machine

import (
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// TestScheduleAsBatch: this thread, and one that is made later, are scheduled as batch,
// at the nice value they had; a policy that someone has chosen stays.
func TestScheduleAsBatch(t *testing.T) {
	policy := func() (policy uint32, nice int32) {
		attr, err := unix.SchedGetAttr(0, 0)
		if err != nil {
			t.Skip("this system does not tell: ", err)
		}
		return attr.Policy, attr.Nice
	}
	done := make(chan struct{})
	go func() { // on a thread that ends with it
		defer close(done)
		runtime.LockOSThread()
		if err := unix.SchedSetAttr(0, &unix.SchedAttr{Size: unix.SizeofSchedAttr, Policy: unix.SCHED_NORMAL, Nice: 3}, 0); err != nil {
			t.Error(err)
			return
		}
		ScheduleAsBatch()
		if p, nice := policy(); p != unix.SCHED_BATCH || nice != 3 {
			t.Errorf("policy %d, nice %d; want %d, 3", p, nice, unix.SCHED_BATCH)
		}
		if err := unix.SchedSetAttr(0, &unix.SchedAttr{Size: unix.SizeofSchedAttr, Policy: unix.SCHED_IDLE}, 0); err != nil {
			t.Error(err)
			return
		}
		ScheduleAsBatch()
		if p, _ := policy(); p != unix.SCHED_IDLE {
			t.Errorf("policy %d after someone chose %d", p, unix.SCHED_IDLE)
		}
	}()
	<-done
	later := make(chan uint32)
	go func() {
		runtime.LockOSThread()
		p, _ := policy()
		later <- p
	}()
	if p := <-later; p != unix.SCHED_BATCH {
		t.Errorf("policy %d of a thread made later", p)
	}
}
