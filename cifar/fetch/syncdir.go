package fetch

import (
	"errors"
	"syscall"
)

// cannotSync tells whether err, of a folder's fsync, means that the file system has no
// such call for folders, as some on a network or in user space: they say that it is
// invalid, not supported or unknown. Any other error is a failure of the disk.
func cannotSync(err error) bool {
	return errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported)
}
