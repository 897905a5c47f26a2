package fetch

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// place unpacks the archive r into a new folder, checks every file, sees that all
// is on the disk, and settles the files in the workplace's target.
func (a Archive) place(ctx context.Context, r io.Reader, w *workplace, note func(string)) error {
	w.removeLeftovers(a, note)
	t, err := w.makeTemp()
	if err != nil {
		return err
	}
	defer t.remove(w, a)
	if err := t.Mkdir(a.Folder, 0o777); err != nil {
		return named(t.Root, err)
	}
	folder, err := openFolder(t.Root, a.Folder)
	if err != nil {
		return err
	}
	defer folder.Close()
	if err := a.unpack(untilDone{ctx, r}, folder); err != nil {
		return err
	}
	missing, err := a.check(inRoot(folder))
	switch {
	case errors.Is(err, ErrCheck):
		return wrongf("in the archive %v", err)
	case err != nil:
		return err
	case missing != "":
		return wrongf("in the archive %s is missing", missing)
	}
	if err := syncFolder(folder, "."); err != nil {
		return err
	}
	return a.settle(w, filepath.Join(t.name, a.Folder))
}

// settle moves the folder from to the target. Where that is there already, by now
// perhaps by another process, the files that it lacks are moved one by one. Stopped
// between two it leaves a set that every reader finds incomplete and the next fetch
// completes.
func (a Archive) settle(w *workplace, from string) error {
	if w.target != "." {
		err := w.Rename(from, w.target)
		if err == nil {
			return syncFolder(w.Root, ".")
		}
		switch info, statErr := w.Lstat(w.target); {
		case statErr != nil:
			return named(w.Root, err)
		case !info.IsDir(): // when the fetch began it was not there
			return &fs.PathError{Op: "open", Path: filepath.Join(w.Name(), w.target), Err: errLink}
		}
	}
	for _, f := range a.Files {
		to := filepath.Join(w.target, f.Name)
		if _, err := w.Lstat(to); err == nil {
			continue
		}
		if err := w.Rename(filepath.Join(from, f.Name), to); err != nil && (f.SHA256 != "" || !errors.Is(err, fs.ErrNotExist)) {
			return named(w.Root, err)
		}
	}
	return syncFolder(w.Root, w.target)
}

// unpack writes the files of the archive r into folder, which is empty.
func (a Archive) unpack(r io.Reader, folder *os.Root) error {
	zipped, err := gzip.NewReader(bufio.NewReader(r))
	if err != nil {
		return unsound(err)
	}
	all := &capped{r: zipped, left: a.unpacked() + overhead}
	entries, seen := tar.NewReader(all), map[string]bool{}
	for {
		h, err := entries.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return unsound(err)
		}
		if seen[h.Name] {
			return wrongf("the archive has %q twice", h.Name)
		}
		seen[h.Name] = true
		name, err := a.admit(h)
		if err == nil && name != "" {
			err = writeFile(folder, name, entries)
		}
		if err != nil {
			return err
		}
	}
	if _, err := io.Copy(io.Discard, all); err != nil { // up to gzip's own sum
		return unsound(err)
	}
	return nil
}

// admit returns the name, one of ours, under which an entry is to be written;
// an empty one for the folder itself. All else is refused.
func (a Archive) admit(h *tar.Header) (string, error) {
	if strings.TrimSuffix(h.Name, "/") == a.Folder && h.Typeflag == tar.TypeDir {
		return "", nil
	}
	for _, f := range a.Files {
		if h.Name != a.Folder+"/"+f.Name {
			continue
		}
		if h.Typeflag != tar.TypeReg {
			return "", wrongf("the archive has %q as %s, expected a file", h.Name, kind(h.Typeflag))
		}
		if h.Size > f.Size || h.Size < f.Size && f.SHA256 != "" {
			return "", wrongf("the archive has %q with %d bytes, expected %d", h.Name, h.Size, f.Size)
		}
		return f.Name, nil
	}
	return "", wrongf("the archive has %q, %s that does not belong there", h.Name, kind(h.Typeflag))
}

// kind names the type of an entry.
func kind(flag byte) string {
	switch flag {
	case tar.TypeReg:
		return "a file"
	case tar.TypeDir:
		return "a folder"
	case tar.TypeSymlink:
		return "a symbolic link"
	case tar.TypeLink:
		return "a hard link"
	case tar.TypeChar, tar.TypeBlock:
		return "a device"
	}
	return fmt.Sprintf("an entry of type %q", flag)
}

// unsound tells of an archive that cannot be read to its end.
func unsound(err error) error {
	if local(err) {
		return err
	}
	return wrongf("the archive is damaged: %v", err)
}

// writeFile writes a new file and sees that it is on the disk.
func writeFile(folder *os.Root, name string, r io.Reader) error {
	f, err := folder.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return named(folder, err)
	}
	defer f.Close()
	if _, err := io.Copy(f, r); err != nil {
		return unsound(err)
	}
	if err := f.Sync(); err != nil {
		return err
	}
	return f.Close()
}

// capped fails once more than left bytes were read from it.
type capped struct {
	r    io.Reader
	left int64
}

func (c *capped) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	if c.left -= int64(n); c.left < 0 {
		return 0, fmt.Errorf("it unpacks to more than its files")
	}
	return n, err
}
