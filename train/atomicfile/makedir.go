package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"
)

// MakeDirs makes the folder dir, and those above it that are missing. Links on the
// way are followed, those to folders that are missing too.
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

// MakeDir makes the folder dir, unless it exists. The folder above it must exist.
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

// Writable returns an error where no file can be written into the folder dir, which
// is there: for those who shall know before their work.
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

// syncDir brings the names in a folder to the disk, where its file system can.
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

// cannotSync tells whether err, of a folder's fsync, means that the file system has no
// such call for folders, as some on a network or in user space: they say that it is
// invalid, not supported or unknown. Any other error is a failure of the disk.
func cannotSync(err error) bool {
	return errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported)
}
