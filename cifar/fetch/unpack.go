package fetch

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// place unpacks the archive r into a new folder, checks every file, sees that all
// is on the disk, and settles the files in dir.
func (a Archive) place(ctx context.Context, r io.Reader, dir string) error {
	stem := stem(dir)
	removeLeftovers(stem)
	temp, err := os.MkdirTemp(filepath.Dir(stem), filepath.Base(stem)+tempMark) // for this user alone
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	folder := filepath.Join(temp, a.Folder)
	if err := os.Mkdir(folder, 0o777); err != nil {
		return err
	}
	if err := a.unpack(untilDone{ctx, r}, folder); err != nil {
		return err
	}
	missing, err := a.check(folder)
	switch {
	case errors.Is(err, ErrCheck):
		return wrongf("in the archive %v", err)
	case err != nil:
		return err
	case missing != "":
		return wrongf("in the archive %s is missing", missing)
	}
	if err := syncFolder(folder); err != nil {
		return err
	}
	return settle(folder, dir)
}

// settle moves folder to dir. Where dir is there already, by now perhaps by another
// process, the files that it lacks are moved one by one. Stopped between two it
// leaves a set that every reader finds incomplete and the next fetch completes.
func settle(folder, dir string) error {
	err := os.Rename(folder, dir)
	if err == nil {
		return syncFolder(filepath.Dir(dir))
	}
	if _, statErr := os.Stat(dir); statErr != nil {
		return err
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, e := range entries {
		to := filepath.Join(dir, e.Name())
		if _, err := os.Lstat(to); err == nil {
			continue
		}
		if err := os.Rename(filepath.Join(folder, e.Name()), to); err != nil {
			return err
		}
	}
	return syncFolder(dir)
}

// tempMark follows the stem in the name of a temporary folder.
const tempMark = ".tmp-"

// removeLeftovers removes temporary folders of processes that were killed, which
// is to say those in which nothing has happened for an hour.
func removeLeftovers(stem string) {
	entries, _ := os.ReadDir(filepath.Dir(stem))
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && e.IsDir() && strings.HasPrefix(e.Name(), filepath.Base(stem)+tempMark) && time.Since(info.ModTime()) > time.Hour {
			os.RemoveAll(filepath.Join(filepath.Dir(stem), e.Name()))
		}
	}
}

// unpack writes the files of the archive r into folder, which is empty.
func (a Archive) unpack(r io.Reader, folder string) error {
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
			err = writeFile(filepath.Join(folder, name), entries)
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
func writeFile(path string, r io.Reader) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
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

// syncFolder sees that the names in a folder are on the disk.
func syncFolder(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
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
