// Package syncdir knows how file systems answer when they are asked to bring the
// names in a folder to the disk, after a file in it was made or renamed.
package syncdir

import (
	"errors"
	"syscall"
)

// Cannot tells whether err, of a folder's fsync, means that the file system has no
// such call for folders, as some on a network or in user space: they say that it is
// invalid, not supported or unknown. Any other error is a failure of the disk.
func Cannot(err error) bool {
	return errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported)
}
