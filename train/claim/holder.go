package claim

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"syscall"
)

// Holder is the process that holds a claim.
type Holder struct {
	Host    string `json:"host"`    // name; empty if it has none
	Machine string `json:"machine"` // its boot and process numbering; empty if unknown
	Process int    `json:"process"`
	Started string `json:"started"` // when the process did, since the boot; empty if unknown
}

// String returns the process and its host as a message says them.
func (h Holder) String() string {
	switch {
	case h.Process == 0:
		return "an unknown process"
	case h.Host == "":
		return fmt.Sprintf("process %d", h.Process)
	}
	return fmt.Sprintf("process %d on %s", h.Process, h.Host)
}

// self returns this process.
var self = sync.OnceValue(func() Holder {
	h := Holder{Machine: machine(), Process: os.Getpid()}
	if name, err := os.Hostname(); err == nil && len(name) <= 255 {
		h.Host = name
	}
	h.Started, _ = stat(h.Process)
	return h
})

// machine returns what tells this machine, since it was started, from others, and its
// containers from each other, in which processes have other numbers. It is empty on
// systems other than Linux.
func machine() string {
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	space, unknown := os.Readlink("/proc/self/ns/pid")
	if errors.Join(err, unknown) != nil {
		return ""
	}
	return strings.TrimSpace(string(boot)) + " " + space
}

// Dead reports whether the process has certainly ended: it ran on this machine, and is
// no longer there, or another has its number.
func (h Holder) Dead() bool {
	if here := self(); h.Machine == "" || h.Machine != here.Machine || h.Host != here.Host {
		return false
	}
	if errors.Is(syscall.Kill(h.Process, 0), syscall.ESRCH) {
		return true
	}
	started, state := stat(h.Process)
	return started != "" && h.Started != "" && started != h.Started || state == "Z" || state == "X"
}

// stat returns the start time and the state of a process of this machine, see proc(5);
// both are empty if it is not there or not shown.
func stat(process int) (started, state string) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", process))
	if err != nil {
		return "", ""
	}
	_, rest, _ := strings.Cut(string(text[max(0, strings.LastIndexByte(string(text), ')')):]), " ") // the name before may contain anything
	if fields := strings.Fields(rest); len(fields) > 19 {
		return fields[19], fields[0]
	}
	return "", ""
}
