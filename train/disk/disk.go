// Package disk writes files whole or not at all, so that they survive a crash of the
// machine right after the call. When it reads, it tells a failure of the machine
// from a damaged file.
//
// Whoever may write to a folder may put a link in the place of a file or of the
// folder that it lies in. None of the two is followed: both are refused by name, with
// ErrLink. A path that a user has chosen may go through links: Locate and Real tell
// where it leads.
package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"
)

// Write writes the parts, one after the other, as the file path, replacing any that
// is there, whose mode it keeps. Its error names path and the reason.
func Write(path string, parts ...[]byte) error {
	return write(path, parts, func(dir *os.Root, temp, name string) error {
		return dir.Rename(temp, name)
	})
}

// WriteNew writes a file that does not exist yet. If it does exist it stays as it
// is, and that is no error.
func WriteNew(path string, parts ...[]byte) error {
	return write(path, parts, func(dir *os.Root, temp, name string) error {
		// A link is made by one process alone, on NFS too. With the file there, the
		// hidden one may be gone: cleared away by who was first.
		err := link(dir, temp, name)
		if _, there := dir.Lstat(name); there == nil {
			return nil
		}
		if errors.Is(err, syscall.EPERM) || errors.Is(err, errors.ErrUnsupported) {
			return renameNew(dir, temp, name)
		}
		return err
	})
}

// renameNew is for disks without links, as a USB stick's or one that is shared with
// a virtual machine: it renames the hidden file, unless one of its new name is there.
func renameNew(dir *os.Root, temp, name string) error {
	switch err := renameOnly(dir, temp, name); {
	case err == nil, errors.Is(err, fs.ErrExist):
		return nil
	case !errors.Is(err, syscall.EINVAL) && !errors.Is(err, errors.ErrUnsupported):
		return err
	}
	// Where a disk has not even this, at least the processes of this machine wait.
	defer lock(dir)()
	if _, there := dir.Lstat(name); there == nil {
		return nil
	}
	return dir.Rename(temp, name)
}

// Replaced by a test to be those of a disk without links, or without renaming that
// replaces nothing.
var (
	link       = (*os.Root).Link
	renameOnly = renameNoReplace
)

// write writes a hidden file beside path, brings it to the disk, has put give it
// its name, and then brings the name to the disk: a rename alone may be lost.
func write(path string, parts [][]byte, put func(dir *os.Root, temp, name string) error) error {
	name := filepath.Base(path)
	dir, err := openDir(filepath.Dir(path))
	if err != nil {
		return blame(path, err)
	}
	defer dir.Close()
	temp, err := fill(dir, name, parts)
	if err == nil {
		defer dir.Remove(temp) // where it still is there
		err = put(dir, temp, name)
	}
	if err != nil {
		return blame(path, err)
	}
	return syncDir(dir)
}

// fill writes the hidden file that is to become, or to replace, the file name.
func fill(dir *os.Root, name string, parts [][]byte) (temp string, err error) {
	old, err := dir.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		old = nil
	case err != nil:
		return "", err
	case old.Mode()&fs.ModeSymlink != 0:
		return "", ErrLink
	case old.IsDir():
		return "", syscall.EISDIR
	}
	temp = tempName(name)
	file, err := dir.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, modeOf(old))
	if err != nil {
		return "", err
	}
	keepOwner(file, old)
	for _, part := range parts {
		if err == nil {
			_, err = file.Write(part)
		}
	}
	if err == nil {
		err = fsync(file)
	}
	if err = errors.Join(err, file.Close()); err != nil {
		dir.Remove(temp)
	}
	return temp, err
}

// MakeDirs makes the folder dir, and those above it that are missing. Links on the
// way are followed, those to folders that are missing too.
func MakeDirs(dir string) error {
	if info, err := os.Stat(dir); err == nil && info.IsDir() {
		return nil
	}
	real, err := Real(dir)
	if err != nil {
		return named(dir, err)
	}
	return makeDirs(real)
}

func makeDirs(dir string) error {
	if info, err := os.Stat(dir); err == nil && info.IsDir() {
		return nil
	}
	if above := filepath.Dir(dir); above != dir {
		if err := makeDirs(above); err != nil {
			return err
		}
	}
	return MakeDir(dir)
}

// MakeDir makes the folder dir, unless it exists. The folder above it must exist.
func MakeDir(dir string) error {
	err := os.Mkdir(dir, 0o777)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return named(dir, err)
	}
	above, err := os.OpenRoot(filepath.Dir(dir))
	if err != nil {
		return named(dir, err)
	}
	defer above.Close()
	return syncDir(above)
}

// Writable returns an error where no file can be written into the folder dir, which
// is there: for those who shall know before their work.
func Writable(dir string) error {
	root, err := openDir(dir)
	if err == nil {
		root.Close()
		err = unix.Access(dir, unix.W_OK|unix.X_OK)
	}
	if err != nil {
		return named(dir, err)
	}
	return nil
}

// fsync is replaced by a test that counts its calls.
var fsync = (*os.File).Sync

// syncDir brings the names in a folder to the disk, where its file system can.
func syncDir(dir *os.Root) error {
	d, err := dir.Open(".")
	if err != nil {
		return named(dir.Name(), err)
	}
	defer d.Close()
	if err := fsync(d); err != nil && !cannotSync(err) {
		return named(dir.Name(), err)
	}
	return nil
}

// named returns err with the name of the file that it is about to the user: that
// of the hidden one means nothing.
func named(path string, err error) error {
	return fmt.Errorf("%s: %w", path, reason(err))
}

// blame is named, but of a link that is in the way it names the link.
func blame(path string, err error) error {
	if way := new(wayError); errors.As(err, &way) {
		path = way.path
	}
	return named(path, err)
}

// reason returns err without the name of a file.
func reason(err error) error {
	var (
		file *fs.PathError
		link *os.LinkError
		way  *wayError
	)
	switch {
	case errors.As(err, &way):
		return way.error
	case errors.As(err, &file):
		return file.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}

// cannotSync tells whether err, of a folder's fsync, means that the file system has no
// such call for folders, as some on a network or in user space: they say that it is
// invalid, not supported or unknown. Any other error is a failure of the disk.
func cannotSync(err error) bool {
	return errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported)
}
