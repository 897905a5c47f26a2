package atomicfile

import (
	"cmp"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
)

// maxLinks is how many links Real follows, as many as Linux does.
const maxLinks = 40

// Real returns where path leads: to a file or folder that is there or can be made,
// with no link on the way to it or in its place. A loop of links is an error, a link
// to nothing is none. What stands for an open file, as /dev/stdout does, leads to
// /proc/PID/fd/N or /dev/fd/N.
func Real(path string) (string, error) {
	left := maxLinks
	real, err := follow(cmp.Or(path, "."), &left)
	if err != nil {
		return "", Named(path, err)
	}
	return real, nil
}

func follow(path string, left *int) (string, error) {
	above, name := filepath.Split(strings.TrimRight(path, "/"))
	if name == "" {
		return "/", nil
	}
	dir := "."
	if above != "" {
		var err error
		if dir, err = follow(above, left); err != nil {
			return "", err
		}
	}
	here := filepath.Join(dir, name) // which takes away .. rightly: dir has no links
	if _, isOpen := descriptor(here); isOpen {
		return here, nil
	}
	to, err := os.Readlink(here)
	if err != nil {
		return here, nil // no link; what else may be wrong shows when it is used
	}
	if *left--; *left < 0 {
		return "", syscall.ELOOP
	}
	if !filepath.IsAbs(to) {
		to = dir + "/" + to
	}
	return follow(to, left)
}

var descriptorForm = regexp.MustCompile(`^(?:/dev|/proc/([0-9]+)(?:/task/[0-9]+)?)/fd/([0-9]+)$`)

// descriptor tells whether a path without links stands for an open file, and returns
// its number where it is one of this process, else -1.
func descriptor(path string) (fd int, ok bool) {
	parts := descriptorForm.FindStringSubmatch(path)
	if parts == nil {
		return -1, false
	}
	self, _ := os.Readlink("/proc/self") // in a container it may not be os.Getpid
	fd, err := strconv.Atoi(parts[2])
	if err != nil || parts[1] != "" && parts[1] != self {
		return -1, true
	}
	return fd, true
}
