package fetch

import (
	"archive/tar"
	"bufio"
	"cmp"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// unpack writes the files of the archive r into its folder in root, which is empty,
// and checks them.
func (a Archive) unpack(r io.Reader, root *os.Root) error {
	sums, err := a.unpackFiles(r, root)
	if err != nil {
		return err
	}
	for _, f := range a.Files {
		sum, there := sums[a.path(f)]
		switch {
		case f.SHA256 == "":
		case !there:
			return notOriginal("in the archive %s is missing", f.Name)
		case sum != f.SHA256:
			return notOriginal("in the archive %v", f.checkSum(sum))
		}
	}
	return nil
}

// unpackFiles writes the files into their folder in root, and returns the SHA-256, in
// hex, of each entry of the archive.
func (a Archive) unpackFiles(r io.Reader, root *os.Root) (sums map[string]string, err error) {
	zipped, err := gzip.NewReader(bufio.NewReader(r))
	if err != nil {
		return nil, damaged(err)
	}
	all := &io.LimitedReader{R: zipped, N: a.unpacked() + overhead + 1}
	defer func() {
		if all.N == 0 {
			err = damaged(errors.New("it unpacks to more than its files"))
		}
	}()
	entries, sums := tar.NewReader(all), map[string]string{}
	for {
		h, err := entries.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, damaged(err)
		}
		if _, twice := sums[h.Name]; twice {
			return nil, notOriginal("the archive has %q twice", h.Name)
		}
		name, err := a.checkEntry(h)
		sum := sha256.New()
		if err == nil && name != "" {
			err = writeFile(root, name, io.TeeReader(entries, sum))
		}
		if err != nil {
			return nil, err
		}
		sums[h.Name] = fmt.Sprintf("%x", sum.Sum(nil))
	}
	if _, err := io.Copy(io.Discard, all); err != nil { // up to gzip's own sum
		return nil, damaged(err)
	}
	return sums, nil
}

// checkEntry returns the name, one of ours, under which to write an entry, empty for
// the folder itself. Anything else is refused.
func (a Archive) checkEntry(h *tar.Header) (name string, err error) {
	if strings.TrimSuffix(h.Name, "/") == a.Folder && h.Typeflag == tar.TypeDir {
		return "", nil
	}
	kind := cmp.Or(entryKinds[h.Typeflag], fmt.Sprintf("an entry of type %q", h.Typeflag))
	at := slices.IndexFunc(a.Files, func(f File) bool { return a.path(f) == h.Name })
	if at < 0 {
		return "", notOriginal("the archive has %q, %s that does not belong there", h.Name, kind)
	}
	switch f := a.Files[at]; {
	case h.Typeflag != tar.TypeReg:
		return "", notOriginal("the archive has %q as %s, expected a file", h.Name, kind)
	case h.Size > f.Size || h.Size < f.Size && f.SHA256 != "":
		return "", notOriginal("the archive has %q with %d bytes, expected %d", h.Name, h.Size, f.Size)
	}
	return a.path(a.Files[at]), nil
}

var entryKinds = map[byte]string{
	tar.TypeReg: "a file", tar.TypeDir: "a folder", tar.TypeSymlink: "a symbolic link",
	tar.TypeLink: "a hard link", tar.TypeChar: "a device", tar.TypeBlock: "a device",
}

// damaged returns the error about an archive that cannot be read to its end.
func damaged(err error) error {
	if isLocal(err) {
		return err
	}
	return notOriginal("the archive is damaged: %v", err)
}

// writeFile writes a new file and flushes it to disk.
func writeFile(root *os.Root, name string, r io.Reader) error {
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return withRoot(root, err)
	}
	defer f.Close()
	if _, err := io.Copy(f, r); err != nil {
		return damaged(err)
	}
	if err := f.Sync(); err != nil {
		return err
	}
	return f.Close()
}

// path returns the name of a file in the archive.
func (a Archive) path(f File) string { return a.Folder + "/" + f.Name }
