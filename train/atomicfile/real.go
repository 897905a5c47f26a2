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

// maxLinks is how many links Real follows, like Linux.
const maxLinks = 40

// Real resolves path: it returns the path, without links, of a file or folder that
// exists or can be created. A loop of links is an error, a dangling link is not. A name
// of an open file, such as /dev/stdout, leads to /proc/PID/fd/N or /dev/fd/N.
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
	here := filepath.Join(dir, name) // which resolves .. correctly: dir has no links
	if _, isOpen := descriptor(here); isOpen {
		return here, nil
	}
	to, err := os.Readlink(here)
	if err != nil {
		return here, nil // no link; other errors show when it is used
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

// descriptor reports whether a path without links names an open file, and returns its
// number if it is one of this process, else -1.
func descriptor(path string) (fd int, ok bool) {
	parts := descriptorForm.FindStringSubmatch(path)
	if parts == nil {
		return -1, false
	}
	self, _ := os.Readlink("/proc/self") // in a container it may differ from os.Getpid
	fd, err := strconv.Atoi(parts[2])
	if err != nil || parts[1] != "" && parts[1] != self {
		return -1, true
	}
	return fd, true
}
