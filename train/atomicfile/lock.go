package atomicfile

import (
	"errors"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// Lock waits until no other process has locked the folder dir, locks it, and returns
// the function that unlocks it. The lock ends with the process. If the folder is gone,
// or its file system cannot lock folders, as on NFS, there is no lock and no waiting.
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
