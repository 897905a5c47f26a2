package atomicfile

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// Stdout is the name that stands for standard output.
const Stdout = "-"

// Output is an output destination named by the user. A file is written whole or not at
// all; anything else, such as a pipe or a device, is written to directly and never
// replaced. The zero value is no destination.
type Output struct {
	Path   string // as it was named
	File   string // path of the file, without links; empty for anything else
	Stdout bool   // it is standard output, under any name

	target string      // what to open, if it is neither a file nor already open
	fd     int         // of this process, if already open, else -1
	info   fs.FileInfo // of what is there; nil for nothing
	stdout io.Writer
}

// Locate returns the destination for an output to path: links are followed, and Stdout,
// or anything else that leads there, is stdout. If it cannot be written to, the error
// is an Unfit or the system's; neither names path.
func Locate(path string, stdout io.Writer) (Output, error) {
	o := Output{Path: path, fd: -1, stdout: stdout}
	if path == Stdout {
		o.Stdout, o.info = true, statOf(stdout)
		return o, nil
	}
	real, err := Real(path)
	if err != nil {
		return o, Unfit("its links form a loop; give another name")
	}
	if o.info, err = os.Stat(real); errors.Is(err, unix.ENAMETOOLONG) {
		return o, Unfit("the name is too long; give a shorter one")
	}
	if fd, isOpen := descriptor(real); isOpen {
		o.target, o.fd = real, fd
		return o, o.checkOpen()
	}
	switch {
	case o.info != nil && o.info.IsDir():
		return o, Unfit("is a folder; give a file name")
	case strings.HasSuffix(path, "/"):
		return o, Unfit("ends like a folder name; give a file name")
	case o.info == nil || o.info.Mode().IsRegular():
		o.File = real
		return o, checkFolder(filepath.Dir(real))
	case o.info.Mode()&fs.ModeSocket != 0:
		return o, Unfit("is a socket; give a file name")
	}
	o.target = real
	o.Stdout = o.holds() && same(o.info, statOf(stdout))
	return o, unix.Access(real, unix.W_OK)
}

// checkOpen returns an error if an open file cannot be written to.
func (o *Output) checkOpen() error {
	if o.fd < 0 {
		if o.info == nil {
			return Unfit("no such file is open; give another name")
		}
		return nil
	}
	o.Stdout = o.fd == 1 || o.holds() && same(o.info, statOf(o.stdout))
	flags, err := unix.FcntlInt(uintptr(o.fd), unix.F_GETFL, 0)
	switch {
	case err != nil:
		return Unfit("no such file is open; give another name")
	case flags&unix.O_ACCMODE == unix.O_RDONLY:
		return Unfit("is open for reading only; give another name")
	}
	return nil
}

// checkFolder returns an error if no file can be created in the folder dir.
func checkFolder(dir string) error {
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return Unfit("no folder " + dir + "; make it first")
	}
	if err := Writable(dir); err != nil {
		return fmt.Errorf("folder %w", err)
	}
	return nil
}

// statOf returns the FileInfo of the file behind w, nil if there is none.
func statOf(w any) fs.FileInfo {
	if f, ok := w.(interface{ Stat() (fs.FileInfo, error) }); ok {
		info, _ := f.Stat()
		return info
	}
	return nil
}

// same reports whether both exist and are the same file.
func same(a, b fs.FileInfo) bool { return a != nil && b != nil && os.SameFile(a, b) }

// Stream reports whether the output is not a file that remains under that name.
func (o Output) Stream() bool { return o.Path != "" && o.File == "" }

// Same reports whether both go to the same place, under any names. A device counts as
// many places, since it may be /dev/null.
func (o Output) Same(other Output) bool {
	switch {
	case o.Stdout && other.Stdout:
		return true
	case o.info != nil || other.info != nil:
		return o.holds() && same(o.info, other.info)
	case o.File == "":
		return false // and another one without a file has no name that ends like this one's
	}
	dir := func(o Output) fs.FileInfo { info, _ := os.Stat(filepath.Dir(o.File)); return info }
	return filepath.Base(o.File) == filepath.Base(other.File) && same(dir(o), dir(other))
}

// Above reports whether the output is a file that would be in the way of the folder
// dir: in its place, or in that of a parent.
func (o Output) Above(dir string) bool {
	real, err := Real(dir)
	if err != nil || dir == "" || o.File == "" || o.info != nil {
		return false // an existing file is distinguished from a folder without this
	}
	for ; real != filepath.Dir(real); real = filepath.Dir(real) {
		if o.Same(Output{File: real}) {
			return true
		}
	}
	return false
}

// Overwritten returns the first of the files that one of the outputs would replace or
// append to, under any name, and that output; an empty name if there is none.
func Overwritten(files iter.Seq[string], outputs ...Output) (file string, by Output) {
	outputs = slices.DeleteFunc(slices.Clone(outputs), func(o Output) bool { return !o.holds() })
	if len(outputs) == 0 {
		return "", by
	}
	for file := range files {
		info, err := os.Stat(file)
		if err != nil {
			continue
		}
		for _, o := range outputs {
			if same(o.info, info) {
				return file, o
			}
		}
	}
	return "", by
}

// holds reports whether something exists that keeps what is written to it.
func (o Output) holds() bool { return o.info != nil && o.info.Mode()&fs.ModeCharDevice == 0 }

// Write writes the parts, one after the other. Its error names the place.
func (o Output) Write(parts ...[]byte) error {
	if o.File != "" {
		return Write(o.File, parts...)
	}
	to, err := o.open()
	if err != nil {
		return Named(o.Path, err)
	}
	for _, part := range parts {
		if err == nil {
			_, err = to.Write(part)
		}
	}
	return Named(o.Path, cmp.Or(err, to.Close()))
}

// open opens a destination that is not a file for writing. One that is already open
// shares its offset with everything else that this process writes there.
func (o Output) open() (io.WriteCloser, error) {
	if o.Stdout {
		return nopCloser{o.stdout}, nil
	}
	if o.fd >= 0 {
		fd, err := unix.FcntlInt(uintptr(o.fd), unix.F_DUPFD_CLOEXEC, 0)
		if err != nil {
			return nil, err
		}
		return os.NewFile(uintptr(fd), o.Path), nil
	}
	flags := os.O_WRONLY | unix.O_NOCTTY
	if o.info.Mode().IsRegular() { // another process has it open
		flags |= os.O_APPEND
	}
	return os.OpenFile(o.target, flags, 0)
}

// nopCloser is not closed.
type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }
