package atomicfile

import (
	"errors"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// Lock waits until no other process has the folder dir locked, locks it, and returns
// what unlocks it. The lock goes with the process. Where the folder is gone, or its
// file system has no locks for folders, as NFS, there is none, and no waiting.
func Lock(dir string) (unlock func()) {
	root, err := openDir(dir)
	if err != nil {
		return func() {}
	}
	defer root.Close()
	return lock(root)
}

func lock(dir *os.Root) (unlock func()) {
	d, err := dir.Open(".")
	if err != nil {
		return func() {}
	}
	for errors.Is(unix.Flock(int(d.Fd()), unix.LOCK_EX), syscall.EINTR) {
	}
	return func() { d.Close() }
}
