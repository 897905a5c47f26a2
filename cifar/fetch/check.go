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
	missing, err := a.check(dir)
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

// check compares the files in the folder dir with their sums and returns the first
// that is missing. Its error names a bad file without the folder.
func (a Archive) check(dir string) (missing string, err error) {
	for _, f := range a.Files {
		if f.SHA256 == "" {
			continue
		}
		size, sum, err := hashFile(filepath.Join(dir, f.Name))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			missing = cmp.Or(missing, f.Name)
		case err != nil:
			return "", err
		case size != f.Size:
			return "", wrongf("%s has %d bytes, expected %d", f.Name, size, f.Size)
		case sum != f.SHA256:
			return "", wrongf("%s is not the original, its SHA-256 is another", f.Name)
		}
	}
	return missing, nil
}

// hashFile returns the size and the SHA-256 in hex of the file at path.
func hashFile(path string) (size int64, sum string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, "", err
	}
	defer f.Close()
	h := sha256.New()
	if size, err = io.Copy(h, f); err != nil {
		return 0, "", err
	}
	return size, fmt.Sprintf("%x", h.Sum(nil)), nil
}
