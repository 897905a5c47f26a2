package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"
)

// MakeDirs creates the folder dir and any missing parents. Links on the way are
// followed, even those to missing folders.
func MakeDirs(dir string) error {
	if info, err := os.Stat(dir); err == nil && info.IsDir() {
		return nil
	}
	real, err := Real(dir)
	if err != nil {
		return Named(dir, err)
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

// MakeDir creates the folder dir, unless it exists. Its parent must exist.
func MakeDir(dir string) error { return MakeDirsIn(filepath.Dir(dir), filepath.Base(dir)) }

// MakeDirsIn creates the folders of those names in the existing folder dir, unless they
// exist, and flushes dir once.
func MakeDirsIn(dir string, names ...string) error {
	made := false
	for _, name := range names {
		path := filepath.Join(dir, name)
		switch err := os.Mkdir(path, 0o777); {
		case err == nil:
			made = true
		case !errors.Is(err, fs.ErrExist):
			return Named(path, err)
		}
	}
	if !made {
		return nil
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return Named(dir, err)
	}
	defer root.Close()
	return syncDir(root)
}

// Writable returns an error if no file can be written to the existing folder dir, to
// find out before the work starts.
func Writable(dir string) error {
	root, err := openDir(dir)
	if err == nil {
		root.Close()
		err = unix.Access(dir, unix.W_OK|unix.X_OK)
	}
	return Named(dir, err)
}

// fsync is replaced by a test that counts its calls.
var fsync = (*os.File).Sync

// syncDir flushes the names in a folder to disk, if its file system can.
func syncDir(dir *os.Root) error {
	d, err := dir.Open(".")
	if err == nil {
		defer d.Close()
		if err = fsync(d); cannotSync(err) {
			err = nil
		}
	}
	return Named(dir.Name(), err)
}

// cannotSync reports whether err, of a folder's fsync, means that the file system does
// not support it for folders, like some network and user-space file systems: they say
// that it is invalid, not supported or unknown. Any other error is a disk failure.
func cannotSync(err error) bool {
	return errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported)
}
