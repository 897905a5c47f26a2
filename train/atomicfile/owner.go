package atomicfile

import (
	"io/fs"
	"os"
	"syscall"
)

// keepOwner gives a file the owner, the group and the mode of the one that it is to
// replace, as far as the user may. Where the group cannot be kept, the one that it
// has instead may do no more than all others. That something cannot be set is no
// error: the file was made with no more than the old one's mode.
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
