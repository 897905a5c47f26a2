package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// openDir opens the folder dir, which must not be a link. Operations in it stay there,
// even if a link replaces it meanwhile.
func openDir(dir string) (*os.Root, error) {
	info, err := os.Lstat(dir)
	if err != nil {
		return nil, err
	}
	if info.Mode()&fs.ModeSymlink != 0 {
		return nil, &folderError{dir, ErrLink}
	}
	if !info.IsDir() {
		return nil, syscall.ENOTDIR
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	opened, err := root.Stat(".")
	if err == nil && !os.SameFile(info, opened) {
		err = &folderError{dir, ErrLink} // it was put there just now
	}
	if err != nil {
		root.Close()
		return nil, err
	}
	return root, nil
}

// NoLink returns an error if there is a link on the path from the folder base to sub
// below it. base itself may be one.
func NoLink(base, sub string) error {
	path := base
	for _, name := range strings.Split(filepath.Clean(sub), string(filepath.Separator)) {
		path = filepath.Join(path, name)
		if info, err := os.Lstat(path); name != "." && err == nil && info.Mode()&fs.ModeSymlink != 0 {
			return Named(path, ErrLink)
		}
	}
	return nil
}

// inDir has do work on the file path in the folder that it lies in.
func inDir(path string, do func(dir *os.Root, name string) error) error {
	dir, err := openDir(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer dir.Close()
	return do(dir, filepath.Base(path))
}

// Remove removes a file; it is not an error if the file is gone already.
func Remove(path string) error {
	return unlessGone(Named(path, inDir(path, (*os.Root).Remove)))
}

// unlessGone returns err unless it says that there is no such file.
func unlessGone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// SetAside renames the file path to path.bad, and is not an error if the file is gone
// already.
func SetAside(path string) error {
	return unlessGone(Rename(path, filepath.Base(path)+".bad"))
}

// Link gives the file path a second name in its folder, unless that name exists. Its
// error wraps fs.ErrExist, or says that the file system has no links.
func Link(path, name string) error {
	return inDir(path, func(dir *os.Root, old string) error { return dir.Link(old, name) })
}

// Rename renames the file path within its folder and replaces any file of the new name.
// Its error wraps fs.ErrNotExist if the file is gone.
func Rename(path, name string) error {
	return Named(path, inDir(path, func(dir *os.Root, old string) error { return dir.Rename(old, name) }))
}

// MakeExecutable lets those run the file path who may read it.
func MakeExecutable(path string) error {
	return Named(path, inDir(path, func(dir *os.Root, name string) error {
		info, err := dir.Lstat(name)
		if err != nil {
			return err
		}
		mode := info.Mode().Perm()
		return dir.Chmod(name, mode|mode&0o444>>2)
	}))
}
