// Package atomicfile writes files whole or not at all, so that they survive a crash of
// the machine right after the call. When reading, it distinguishes a failure of the
// machine from a damaged file.
//
// Anyone who may write to a folder can put a link in place of a file or of its folder.
// Neither is followed: both are refused by name, with ErrLink. A path chosen by the
// user may go through links: Locate and Real resolve it.
package atomicfile

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Write writes the parts, one after the other, as the file path. It replaces an
// existing file and keeps its mode. Its error names path and the reason.
func Write(path string, parts ...[]byte) error {
	return write(path, parts, func(dir *os.Root, temp, name string) error {
		return dir.Rename(temp, name)
	})
}

// WriteChanged is Write unless the file has this content already.
func WriteChanged(path string, content []byte) error {
	if there, err := Read(path, int64(len(content))); err == nil && bytes.Equal(there, content) {
		return nil
	}
	return Write(path, content)
}

// WriteNew writes a file unless it exists. An existing file is left unchanged, which is
// not an error.
func WriteNew(path string, parts ...[]byte) error {
	return write(path, parts, func(dir *os.Root, temp, name string) error {
		// Only one process can create a link, on NFS too. If the file exists, the
		// hidden one may be gone: cleared by the process that was first.
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

// renameNew is for disks without links, such as a USB stick or one shared with a
// virtual machine: it renames the hidden file unless the new name exists.
func renameNew(dir *os.Root, temp, name string) error {
	switch err := renameOnly(dir, temp, name); {
	case err == nil, errors.Is(err, fs.ErrExist):
		return nil
	case !errors.Is(err, syscall.EINVAL) && !errors.Is(err, errors.ErrUnsupported):
		return err
	}
	// If a disk does not support even this, at least the processes of this machine
	// wait.
	defer lock(dir)()
	if _, there := dir.Lstat(name); there == nil {
		return nil
	}
	return dir.Rename(temp, name)
}

// Replaced by a test with those of a disk without links, or without renaming that
// replaces nothing.
var (
	link       = (*os.Root).Link
	renameOnly = renameNoReplace
)

// write writes a hidden file beside path, flushes it to disk, calls put to give it its
// name, and then flushes the name to disk: a rename alone may be lost.
func write(path string, parts [][]byte, put func(dir *os.Root, temp, name string) error) error {
	name := filepath.Base(path)
	dir, err := openDir(filepath.Dir(path))
	if err != nil {
		return Named(path, err)
	}
	defer dir.Close()
	temp, err := fill(dir, name, parts)
	if err == nil {
		defer dir.Remove(temp) // if it still exists
		err = put(dir, temp, name)
	}
	if err != nil {
		return Named(path, err)
	}
	return syncDir(dir)
}

// fill writes the hidden file that is to become, or to replace, the file name.
func fill(dir *os.Root, name string, parts [][]byte) (temp string, err error) {
	old, err := replaced(dir, name)
	if err != nil {
		return "", err
	}
	mode := fs.FileMode(0o666) // reduced by the umask
	if old != nil {
		mode = old.Mode().Perm()
	}
	temp = tempName(name)
	file, err := dir.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return "", err
	}
	if old != nil {
		keepOwner(file, old)
	}
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

// replaced returns the file that a new one of that name would replace, nil if there is
// none.
func replaced(dir *os.Root, name string) (fs.FileInfo, error) {
	old, err := dir.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, err
	case old.Mode()&fs.ModeSymlink != 0:
		return nil, ErrLink
	case old.IsDir():
		return nil, syscall.EISDIR
	case !old.Mode().IsRegular():
		return nil, nil
	}
	return old, nil
}
