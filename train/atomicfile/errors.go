package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// ErrLink is wrapped by the error about a link where somebody else may have put it, to
// make this program read or write elsewhere.
var ErrLink = errors.New("is a link, which is not followed here; move it away, and run this again")

// folderError is the error of a folder on the way to a file.
type folderError struct {
	path string
	error
}

func (e *folderError) Unwrap() error { return e.error }

// Unread is the error for a file or folder that currently cannot be read: no
// permission, a failing disk, no file descriptor left. It says nothing about the
// content, which should be left alone.
type Unread struct {
	Path string
	Err  error
}

// Error names the file, the reason and what to do.
func (e *Unread) Error() string {
	if errors.Is(e.Err, ErrLink) { // which says so itself
		return fmt.Sprintf("%s: %v", e.Path, e.Err)
	}
	return fmt.Sprintf("%s: %v; it is left alone: make it readable, or move it away, and run this again", e.Path, e.Err)
}

// Unwrap returns the reason.
func (e *Unread) Unwrap() error { return e.Err }

// Unfit is the error for something that exists but cannot be the file looked for: it
// is not a regular file, or is far too long. It does not name the file.
type Unfit string

func (e Unfit) Error() string { return string(e) }

func unread(path string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return Named(path, err)
	}
	path, err = blame(path, err)
	return &Unread{path, err}
}

// Named returns an error about the file path that names only that file, once: the name
// of a hidden file beside it means nothing to the user. If a link is in the way, it
// names the link. It is nil for nil.
func Named(path string, err error) error {
	if err == nil {
		return nil
	}
	path, err = blame(path, err)
	return fmt.Errorf("%s: %w", path, err)
}

// blame returns the name of what an error about the file path is about to the user, and
// the reason without a name.
func blame(path string, err error) (string, error) {
	var (
		folderErr *folderError
		pathErr   *fs.PathError
		linkErr   *os.LinkError
	)
	switch {
	case errors.As(err, &folderErr):
		return folderErr.path, folderErr.error
	case errors.As(err, &pathErr):
		return path, pathErr.Err
	case errors.As(err, &linkErr):
		return path, linkErr.Err
	}
	return path, err
}
