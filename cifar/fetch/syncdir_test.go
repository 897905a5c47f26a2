package fetch

import (
	"io/fs"
	"syscall"
	"testing"
)

// Only an answer that says "not for folders" is passed over, none that says that the
// names may be lost.
func TestCannot(t *testing.T) {
	for errno, want := range map[syscall.Errno]bool{
		syscall.EINVAL: true, syscall.ENOTSUP: true, syscall.ENOSYS: true,
		syscall.EIO: false, syscall.ENOSPC: false, syscall.EDQUOT: false, syscall.EROFS: false, syscall.EBADF: false, syscall.EACCES: false,
	} {
		if got := cannotSync(&fs.PathError{Op: "sync", Path: "d", Err: errno}); got != want {
			t.Errorf("%v: cannot = %v, want %v", errno, got, want)
		}
	}
	if cannotSync(nil) {
		t.Error("no error is one")
	}
}
