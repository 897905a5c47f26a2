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

// Output is where something goes that a user has named a place for. A file is
// written whole or not at all; all else, a pipe or a device, is written to straight,
// and never replaced. The zero value is no place.
type Output struct {
	Path   string // as it was named
	File   string // path of the file, with no link in it; empty for all else
	Stdout bool   // it is standard output, by whichever name

	target string      // what to open, where it is neither a file nor open already
	fd     int         // of this process, where it is open already, else -1
	info   fs.FileInfo // of what is there; nil for nothing
	stdout io.Writer
}

// Locate decides where an output goes that is to be written to path: links are
// followed, and Stdout, or what else leads there, is stdout. What cannot be written
// to is an Unfit or the machine's reason; neither names path.
func Locate(path string, stdout io.Writer) (Output, error) {
	o := Output{Path: path, fd: -1, stdout: stdout}
	if path == Stdout {
		o.Stdout, o.info = true, statOf(stdout)
		return o, nil
	}
	real, err := Real(path)
	if err != nil {
		return o, Unfit("its links lead in a circle; give another name")
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
		return o, Unfit("is a folder; give the name of a file")
	case strings.HasSuffix(path, "/"):
		return o, Unfit("ends like a folder's name; give that of a file")
	case o.info == nil || o.info.Mode().IsRegular():
		o.File = real
		return o, checkFolder(filepath.Dir(real))
	case o.info.Mode()&fs.ModeSocket != 0:
		return o, Unfit("is a socket; give the name of a file")
	}
	o.target = real
	o.Stdout = o.holds() && same(o.info, statOf(stdout))
	return o, unix.Access(real, unix.W_OK)
}

// checkOpen returns an error where nothing can be written to an open file.
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

// checkFolder returns an error where no file can be put into the folder dir.
func checkFolder(dir string) error {
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return Unfit("no folder " + dir + "; make it first")
	}
	if err := Writable(dir); err != nil {
		return fmt.Errorf("folder %w", err)
	}
	return nil
}

// statOf returns what the machine knows of the file behind w, nil where there is
// none.
func statOf(w any) fs.FileInfo {
	if f, ok := w.(interface{ Stat() (fs.FileInfo, error) }); ok {
		info, _ := f.Stat()
		return info
	}
	return nil
}

// same tells whether both are there and the same file.
func same(a, b fs.FileInfo) bool { return a != nil && b != nil && os.SameFile(a, b) }

// Stream tells whether what is written does not stay as a file of that name.
func (o Output) Stream() bool { return o.Path != "" && o.File == "" }

// Same tells whether both go to the same place, by whatever names. A device, which
// may be the one that takes all in, counts as many.
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

// Above tells whether the output is to be a file that would be in the way of the
// folder dir: in its place, or in that of one above it.
func (o Output) Above(dir string) bool {
	real, err := Real(dir)
	if err != nil || dir == "" || o.File == "" || o.info != nil {
		return false // a file that is there is told from a folder without this
	}
	for ; real != filepath.Dir(real); real = filepath.Dir(real) {
		if o.Same(Output{File: real}) {
			return true
		}
	}
	return false
}

// Overwritten returns the first of the files that one of the outputs would replace or
// add to, by whatever names, and that output; an empty name where there is none.
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

// holds tells whether there is something that keeps what is written to it.
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

// open opens what is no file to be written to. What is open already shares its place
// in what is written with all else that this process writes there.
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
	if o.info.Mode().IsRegular() { // that another process has open
		flags |= os.O_APPEND
	}
	return os.OpenFile(o.target, flags, 0)
}

// nopCloser is not closed.
type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }
