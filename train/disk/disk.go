// Package disk writes files whole or not at all, so that they survive a crash of the
// machine right after the call. When it reads, it tells a failure of the machine
// from a damaged file.
package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/google/renameio/v2"
	"golang.org/x/sys/unix"

	"bnlab/syncdir"
)

// Write writes the parts, one after the other, as the file path, replacing any that
// is there. Its error names path and the reason.
func Write(path string, parts ...[]byte) error {
	return write(path, parts, (*renameio.PendingFile).CloseAtomicallyReplace)
}

// WriteNew writes a file that does not exist yet. If it does exist it stays as it
// is, and that is no error.
func WriteNew(path string, parts ...[]byte) error {
	return write(path, parts, func(temp *renameio.PendingFile) error {
		if err := temp.Sync(); err != nil {
			return err
		}
		// A link is made by one process alone, on NFS too. With the file there, the
		// hidden one may be gone: cleared away by who was first.
		err := link(temp.Name(), path)
		if _, there := os.Lstat(path); there == nil {
			return nil
		}
		if errors.Is(err, syscall.EPERM) || errors.Is(err, errors.ErrUnsupported) {
			// A disk without links, as a USB stick's or one that is shared with a virtual
			// machine: of writers within the same moment the last one wins there.
			return temp.CloseAtomicallyReplace()
		}
		return err
	})
}

// link is replaced by a test to be that of a disk without links.
var link = os.Link

// write writes a hidden file beside path, has put bring it to the disk and give
// it its name, and then brings the name to the disk: a rename alone may be lost.
func write(path string, parts [][]byte, put func(*renameio.PendingFile) error) error {
	dir := filepath.Dir(path)
	temp, err := renameio.NewPendingFile(path, renameio.WithTempDir(dir), renameio.WithPermissions(0o644))
	if err != nil {
		return named(path, err)
	}
	defer temp.Cleanup()
	for _, part := range parts {
		if _, err := temp.Write(part); err != nil {
			return named(path, err)
		}
	}
	if err := put(temp); err != nil {
		return named(path, err)
	}
	return syncDir(dir)
}

// MakeDirs makes the folder dir, and those above it that are missing.
func MakeDirs(dir string) error {
	if info, err := os.Stat(dir); err == nil && info.IsDir() {
		return nil
	}
	if above := filepath.Dir(dir); above != dir {
		if err := MakeDirs(above); err != nil {
			return err
		}
	}
	return MakeDir(dir)
}

// MakeDir makes the folder dir, unless it exists. The folder above it must exist.
func MakeDir(dir string) error {
	err := os.Mkdir(dir, 0o755)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return named(dir, err)
	}
	return syncDir(filepath.Dir(dir))
}

// Writable returns an error where no file can be written into the folder dir, which
// is there: for those who shall know before their work.
func Writable(dir string) error {
	if err := unix.Access(dir+"/.", unix.W_OK|unix.X_OK); err != nil { // of a file: that it is no folder
		return named(dir, err)
	}
	return nil
}

// fsync is replaced by a test that counts its calls.
var fsync = (*os.File).Sync

// syncDir brings the names in a folder to the disk, where its file system can.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return named(dir, err)
	}
	defer d.Close()
	if err := fsync(d); err != nil && !syncdir.Cannot(err) {
		return named(dir, err)
	}
	return nil
}

// named returns err with the name of the file that it is about to the user: that
// of the hidden one means nothing.
func named(path string, err error) error {
	return fmt.Errorf("%s: %w", path, reason(err))
}

// reason returns err without the name of a file.
func reason(err error) error {
	var (
		file *fs.PathError
		link *os.LinkError
	)
	switch {
	case errors.As(err, &file):
		return file.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}
