package main

import (
	"math"

	"golang.org/x/sys/unix"
)

// hostMemory returns the memory of the host in bytes.
func hostMemory() int {
	var info unix.Sysinfo_t
	if unix.Sysinfo(&info) != nil {
		return math.MaxInt
	}
	return int(min(uint64(info.Totalram)*uint64(info.Unit), math.MaxInt))
}
