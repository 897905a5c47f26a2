package fetch

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// present tells whether the folder dir holds the files. No folder and an empty
// one do not; one that holds anything else is an error, for it is not ours to
// write over.
func (a Archive) present(dir string) (bool, error) {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && len(entries) == 0:
		return false, nil
	case err != nil:
		return false, err
	}
	err = a.check(dir)
	if errors.Is(err, ErrCheck) {
		err = wrongf("%s: %v; remove the folder or give another by --data", dir, err)
	}
	return err == nil, err
}

// check compares the files in the folder dir with their sums. Its text names a
// bad file without the folder.
func (a Archive) check(dir string) error {
	for _, f := range a.Files {
		if f.SHA256 == "" {
			continue
		}
		size, sum, err := hashFile(filepath.Join(dir, f.Name))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return wrongf("%s is missing", f.Name)
		case err != nil:
			return err
		case size != f.Size:
			return wrongf("%s has %d bytes, expected %d", f.Name, size, f.Size)
		case sum != f.SHA256:
			return wrongf("%s is not the original, its SHA-256 is another", f.Name)
		}
	}
	return nil
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
