package fetch

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// present tells whether the folder dir holds all the files. No folder does not, nor
// does one of some of them. A file that is not the original is an error, and so is
// one of somebody else's in their place: neither is ours to write over or between.
func (a Archive) present(dir string) (bool, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	missing, err := a.check(inDir(dir))
	if errors.Is(err, ErrCheck) {
		return false, wrongf("%s: %v; remove that file, or give another folder by --data", dir, err)
	}
	if err != nil || missing == "" {
		return err == nil, err
	}
	for _, e := range entries {
		if !a.belongs(e.Name()) {
			return false, wrongf("%s: %s is missing, and %q does not belong there; give an empty folder by --data", dir, missing, e.Name())
		}
	}
	return false, nil
}

// belongs tells whether a file may be in the folder before all files are: one of
// them, one of a fetch, or one that systems put into folders by themselves.
func (a Archive) belongs(name string) bool {
	return strings.HasPrefix(name, inside+".") || strings.HasPrefix(name, ".") || name == "lost+found" ||
		slices.ContainsFunc(a.Files, func(f File) bool { return f.Name == name })
}

// opener opens a file of a folder to be read.
type opener func(name string) (*os.File, error)

// A pipe would wait for somebody to write.
const readPlain = os.O_RDONLY | syscall.O_NONBLOCK

// inDir opens in the folder dir, in which links of the user may lead elsewhere.
func inDir(dir string) opener {
	return func(name string) (*os.File, error) { return os.OpenFile(filepath.Join(dir, name), readPlain, 0) }
}

// inRoot opens in a folder of our own, in which no link leads out of it.
func inRoot(root *os.Root) opener {
	return func(name string) (*os.File, error) {
		f, err := root.OpenFile(name, readPlain, 0)
		if err != nil {
			return nil, named(root, err)
		}
		return f, nil
	}
}

// check compares the files in a folder with their sums and returns the first that is
// missing. Its error names a bad file without the folder.
func (a Archive) check(open opener) (missing string, err error) {
	for _, f := range a.Files {
		if f.SHA256 == "" {
			continue
		}
		switch err := f.check(open); {
		case errors.Is(err, fs.ErrNotExist):
			missing = cmp.Or(missing, f.Name)
		case err != nil:
			return "", err
		}
	}
	return missing, nil
}

// check compares one file with its size, before it reads any of it, and its sum.
func (f File) check(open opener) error {
	file, err := open(f.Name)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	switch {
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return wrongf("%s is not a regular file", f.Name)
	case info.Size() != f.Size:
		return wrongf("%s has %d bytes, expected %d", f.Name, info.Size(), f.Size)
	}
	h := sha256.New()
	if _, err := io.Copy(h, file); err != nil {
		return err
	}
	if fmt.Sprintf("%x", h.Sum(nil)) != f.SHA256 {
		return wrongf("%s is not the original, its SHA-256 is another", f.Name)
	}
	return nil
}
