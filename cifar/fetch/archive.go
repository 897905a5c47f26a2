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

// Archive describes a gzipped tar file with one folder of known files.
type Archive struct {
	URLs   []string // its addresses, with the same bytes at each; tried in this order
	Size   int64    // bytes; 0 when unknown
	SHA256 string   // in hex
	Folder string   // name of the folder in the archive
	Files  []File   // what the folder may hold
}

// File is a file of an archive.
type File struct {
	Name   string // in the folder, no path
	Size   int64  // bytes; the maximum if there is no SHA256
	SHA256 string // in hex; empty for a file that may be missing
}

// unpacked returns the maximum total size of the files, in bytes.
func (a Archive) unpacked() int64 {
	sum := int64(0)
	for _, f := range a.Files {
		sum += f.Size
	}
	return sum
}

// limit returns the maximum size of the archive, in bytes: gzip never adds more than a
// hundredth.
func (a Archive) limit() int64 {
	if a.Size > 0 {
		return a.Size
	}
	return a.unpacked() + a.unpacked()/100 + overhead
}

// overhead is more than the headers and padding of a tar file with a few files.
const overhead = 1 << 20

// Part returns the name of the file for the partial download of the archive for the
// folder dir. It contains the start of the checksum, to distinguish archives.
func (a Archive) Part(dir string) string { return a.partName(stem(dir)) }

func (a Archive) partName(stem string) string { return fmt.Sprintf("%s.%.8s.part", stem, a.SHA256) }

// stem returns the name prefix of all temporary files and folders of a fetch. They are
// beside dir, so that a rename leads there. If dir already exists they are in it: it
// may be a link or a mount point, and its parent on another disk or not writable.
func stem(dir string) string {
	if _, err := os.Stat(dir); err != nil {
		return filepath.Clean(dir)
	}
	return filepath.Join(dir, inside)
}

// inside is the stem in a folder.
const inside = "fetch"

// present reports whether the folder dir exists and holds all the files. A file that is
// not the original is an error, and so is a foreign file if others are missing: a fetch
// must not overwrite the one or write beside the other.
func (a Archive) present(dir string) (bool, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	missing := ""
	for _, f := range a.Files {
		if f.SHA256 == "" {
			continue
		}
		switch err := f.check(dir); {
		case errors.Is(err, fs.ErrNotExist):
			missing = cmp.Or(missing, f.Name)
		case errors.Is(err, ErrCheck):
			return false, notOriginal("%s: %v; remove that file, or give another folder", dir, err)
		case err != nil:
			return false, err
		}
	}
	foreign := slices.IndexFunc(entries, func(e fs.DirEntry) bool { return !a.belongs(e.Name()) })
	if missing != "" && foreign >= 0 {
		return false, notOriginal("%s: %s is missing, and %q does not belong there; give an empty folder",
			dir, missing, entries[foreign].Name())
	}
	return missing == "", nil
}

// belongs reports whether a file may be in an incomplete folder: one of the files, one
// of a fetch, or one that operating systems put into folders.
func (a Archive) belongs(name string) bool {
	return strings.HasPrefix(name, inside+".") || strings.HasPrefix(name, ".") || name == "lost+found" ||
		slices.ContainsFunc(a.Files, func(f File) bool { return f.Name == name })
}

// check compares the size of the file in dir, before reading it, and then its sum. An
// error that matches ErrCheck names the file without dir.
func (f File) check(dir string) error {
	// A pipe would wait for a writer.
	file, err := os.OpenFile(filepath.Join(dir, f.Name), os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	switch {
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return notOriginal("%s is not a regular file", f.Name)
	case info.Size() != f.Size:
		return notOriginal("%s has %d bytes, expected %d", f.Name, info.Size(), f.Size)
	}
	h := sha256.New()
	if _, err := io.Copy(h, file); err != nil {
		return err
	}
	return f.checkSum(fmt.Sprintf("%x", h.Sum(nil)))
}

// checkSum compares a sum, in hex, with that of the file.
func (f File) checkSum(sum string) error {
	if sum != f.SHA256 {
		return notOriginal("%s is not the original: its SHA-256 differs", f.Name)
	}
	return nil
}
