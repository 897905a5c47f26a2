package atomicfile

import (
	"io/fs"
	"os"
	"syscall"
)

// keepOwner gives a file the owner, group and mode of the file it will replace, as far
// as the user may. If the group cannot be kept, its own group gets no more permissions
// than others. Failing to set something is not an error: the file was created with no
// more than the old mode.
func keepOwner(file *os.File, old fs.FileInfo) {
	mode := old.Mode().Perm()
	info, err := file.Stat()
	was, knows := old.Sys().(*syscall.Stat_t)
	if err != nil || !knows {
		return
	}
	is := info.Sys().(*syscall.Stat_t)
	if (is.Uid != was.Uid || is.Gid != was.Gid) && file.Chown(int(was.Uid), int(was.Gid)) != nil &&
		is.Gid != was.Gid && file.Chown(-1, int(was.Gid)) != nil {
		mode = mode&^0o070 | mode&0o007<<3
	}
	if info.Mode().Perm() != mode {
		file.Chmod(mode)
	}
}
