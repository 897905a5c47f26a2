package fetch

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// workplace is the folder in which a fetch makes files for itself: an [os.Root], so
// that no link that somebody else puts there leads out of it. Where the folder for
// the data exists, it is that one, else the one above it.
type workplace struct {
	*os.Root
	stem   string // what all names of a fetch begin with
	target string // the folder for the data, as seen from here
}

// openWorkplace opens the workplace of a fetch into dir, and makes it if necessary.
func openWorkplace(dir string) (*workplace, error) {
	path := stem(dir)
	above := filepath.Dir(path)
	if err := os.MkdirAll(above, 0o777); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(above)
	if err != nil {
		return nil, err
	}
	w := &workplace{Root: root, stem: filepath.Base(path), target: filepath.Base(path)}
	if path != filepath.Clean(dir) {
		w.target = "."
	}
	return w, nil
}

// openPlain opens the file name to be read and written, and makes it if it does not
// exist. It must be a plain file without a second name: what is written into it
// shall change no other.
func (w *workplace) openPlain(name string) (*os.File, error) {
	path := filepath.Join(w.Name(), name)
	folder, err := w.Open(".")
	if err != nil {
		return nil, named(w.Root, err)
	}
	defer folder.Close()
	// A Root follows links within itself, and a pipe would wait for a reader.
	const how = unix.O_RDWR | unix.O_CREAT | unix.O_NOFOLLOW | unix.O_NONBLOCK | unix.O_CLOEXEC
	fd, err := unix.Openat(int(folder.Fd()), name, how, 0o666)
	if err == unix.ELOOP || err == unix.EMLINK || err == unix.ENXIO {
		err = errNotPlain
	}
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	f := os.NewFile(uintptr(fd), path)
	info, err := f.Stat()
	if err == nil && (!info.Mode().IsRegular() || info.Sys().(*syscall.Stat_t).Nlink > 1) {
		err = &fs.PathError{Op: "open", Path: path, Err: errNotPlain}
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// errNotPlain tells of what lies where a plain file of a fetch should.
var errNotPlain = errors.New("a link, or not a regular file")

// openFolder opens the folder name in root, which no link may stand for.
func openFolder(root *os.Root, name string) (*os.Root, error) {
	folder, err := root.OpenRoot(name)
	if err != nil {
		return nil, named(root, err)
	}
	info, err := root.Lstat(name)
	if err == nil && !info.IsDir() {
		err = &fs.PathError{Op: "open", Path: name, Err: errLink}
	}
	if err != nil {
		folder.Close()
		return nil, named(root, err)
	}
	return folder, nil
}

// errLink tells of a link that stands where a folder should.
var errLink = errors.New("a link, expected a folder")

// fsync is replaced by a test that counts its calls.
var fsync = (*os.File).Sync

// syncFolder brings the names in the folder name to the disk, where its file system
// can.
func syncFolder(root *os.Root, name string) error {
	f, err := root.Open(name)
	if err != nil {
		return named(root, err)
	}
	defer f.Close()
	if err := fsync(f); err != nil && !cannotSync(err) {
		return err
	}
	return nil
}

// named returns an error of root with the whole name of the file that it is about.
func named(root *os.Root, err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return &fs.PathError{Op: strings.TrimSuffix(path.Op, "at"), Path: filepath.Join(root.Name(), path.Path), Err: path.Err}
	case errors.As(err, &link):
		return &os.LinkError{Op: strings.TrimSuffix(link.Op, "at"), Old: filepath.Join(root.Name(), link.Old),
			New: filepath.Join(root.Name(), link.New), Err: link.Err}
	}
	return err
}
