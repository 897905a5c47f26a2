package fetch

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// install unpacks the archive r into a new folder, checks every file, flushes
// everything to disk, and moves the files to the folder dir. It works in the folder of
// the stem, as an [os.Root], so that no planted link leads out of it.
func (a Archive) install(r io.Reader, stem, dir string, note func(string)) error {
	root, err := os.OpenRoot(filepath.Dir(stem))
	if err != nil {
		return err
	}
	defer root.Close()
	stem = filepath.Base(stem)
	a.removeLeftovers(root, stem, note)
	s, err := newStaging(root, stem)
	if err != nil {
		return err
	}
	defer s.remove(a)
	if err := s.Mkdir(a.Folder, 0o777); err != nil {
		return withRoot(s.Root, err)
	}
	if err := a.unpack(r, s.Root); err != nil {
		return err
	}
	if err := syncDir(s.Root, a.Folder); err != nil {
		return err
	}
	target, err := filepath.Rel(root.Name(), dir)
	if err != nil {
		return err
	}
	return a.move(root, filepath.Join(s.name, a.Folder), target)
}

// move moves the folder from to target, both in root. If target exists, perhaps just
// created by another process, the files that it lacks are moved one by one. If stopped
// between two, it leaves a set that every reader finds incomplete and the next fetch
// completes.
func (a Archive) move(root *os.Root, from, target string) error {
	if target != "." {
		err := root.Rename(from, target)
		if err == nil {
			return syncDir(root, ".")
		}
		switch info, statErr := root.Lstat(target); {
		case statErr != nil:
			return withRoot(root, err)
		case !info.IsDir(): // when the fetch began it was not there
			return &fs.PathError{Op: "open", Path: filepath.Join(root.Name(), target), Err: errLink}
		}
	}
	for _, f := range a.Files {
		to := filepath.Join(target, f.Name)
		if _, err := root.Lstat(to); err == nil {
			continue
		}
		if err := root.Rename(filepath.Join(from, f.Name), to); err != nil && (f.SHA256 != "" || !errors.Is(err, fs.ErrNotExist)) {
			return withRoot(root, err)
		}
	}
	return syncDir(root, target)
}

// fsync is replaced by a test that counts its calls.
var fsync = (*os.File).Sync

// syncDir flushes the names in the folder name to disk. Some network and user-space
// file systems do not support it for folders: they say that it is invalid, not
// supported or unknown. Any other error is a disk failure.
func syncDir(root *os.Root, name string) error {
	f, err := root.Open(name)
	if err != nil {
		return withRoot(root, err)
	}
	defer f.Close()
	if err := fsync(f); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	return nil
}
