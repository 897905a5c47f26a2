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
func MakeDir(dir string) error {
	err := os.Mkdir(dir, 0o777)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return Named(dir, err)
	}
	above, err := os.OpenRoot(filepath.Dir(dir))
	if err != nil {
		return Named(dir, err)
	}
	defer above.Close()
	return syncDir(above)
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
