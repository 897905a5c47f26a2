package atomicfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
)

// Read returns the content of the file path, which may have at most most bytes. Its
// error wraps fs.ErrNotExist, or is an Unfit or an Unread. It does not wait for a pipe,
// and uses no memory for a file that is too long.
func Read(path string, most int64) ([]byte, error) {
	file, size, err := open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if size > most {
		return nil, Unfit(fmt.Sprintf("%d bytes, too long: expected at most %d", size, most))
	}
	var content bytes.Buffer
	content.Grow(int(size) + bytes.MinRead)
	if _, err := content.ReadFrom(io.LimitReader(file, most)); err != nil {
		return nil, unread(path, err)
	}
	return content.Bytes(), nil
}

// Head returns the first bytes of a file, at most most of them, with the errors of
// Read.
func Head(path string, most int64) ([]byte, error) {
	file, _, err := open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	head, err := io.ReadAll(io.LimitReader(file, most))
	if err != nil {
		return nil, unread(path, err)
	}
	return head, nil
}

// open opens a regular file for reading and returns its length.
func open(path string) (file *os.File, size int64, err error) {
	err = inDir(path, func(dir *os.Root, name string) error {
		if info, err := dir.Lstat(name); err == nil && info.Mode()&fs.ModeSymlink != 0 {
			return ErrLink
		}
		file, err = dir.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0) // a pipe would wait for a writer
		return err
	})
	if err != nil {
		return nil, 0, unread(path, err)
	}
	info, err := file.Stat()
	switch {
	case err != nil:
		err = unread(path, err)
	case !info.Mode().IsRegular():
		err = Unfit("is not a regular file")
	default:
		return file, info.Size(), nil
	}
	file.Close()
	return nil, 0, err
}

// List returns the names in the folder dir, or none if it does not exist. Any other
// error is an Unread.
func List(dir string) (names []string, err error) {
	root, err := openDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, unread(dir, err)
	}
	defer root.Close()
	opened, err := root.Open(".")
	if err == nil {
		defer opened.Close()
		names, err = opened.Readdirnames(-1)
	}
	if err != nil {
		return nil, unread(dir, err)
	}
	slices.Sort(names)
	return names, nil
}

// Clear removes the hidden files that killed writers of the named files have left in a
// folder. It may also hit a running writer: its Write then fails with fs.ErrNotExist,
// its WriteNew only if the file does not exist.
func Clear(dir string, files ...string) error {
	names, err := List(dir)
	for _, name := range names {
		if of, hidden := Hidden(name); hidden && slices.Contains(files, of) {
			err = errors.Join(err, Remove(filepath.Join(dir, name)))
		}
	}
	return err
}
