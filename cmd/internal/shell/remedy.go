package shell

import (
	"errors"
	"strings"
	"syscall"
)

// remedies are what can be done where the machine refuses something, whatever the
// file was for.
var remedies = []struct {
	reason error
	remedy string
}{
	{syscall.EMFILE, "allow this process more open files (ulimit -n 1024)"},
	{syscall.ENFILE, "close other programs: the machine has too many open files"},
	{syscall.EACCES, "give yourself the right to it (chmod, chown), or name another place"},
	{syscall.EPERM, "give yourself the right to it (chmod, chown), or name another place"},
	{syscall.EROFS, "name a place that can be written to"},
	{syscall.ENOSPC, "make room, then give the same command again"},
	{syscall.EDQUOT, "make room, then give the same command again"},
	{syscall.EFBIG, "raise the limit of file sizes (ulimit -f), then give the same command again"},
	{syscall.EISDIR, "a folder is where a file must be: move it away, or name another place"},
	{syscall.ENOTDIR, "a file is where a folder must be: move it away, or name another place"},
	{syscall.ENAMETOOLONG, "give a shorter name"},
	{syscall.EIO, "the disk or the network fails: see to it, then give the same command again"},
	{syscall.ESTALE, "the disk or the network fails: see to it, then give the same command again"},
}

// remedy returns what can be done about an error of the machine, for the end of a
// message that does not say so yet; nothing where it is of another kind.
func remedy(err error) string {
	if strings.Contains(err.Error(), "; ") {
		return ""
	}
	for _, r := range remedies {
		if errors.Is(err, r.reason) {
			return "; " + r.remedy
		}
	}
	return ""
}
