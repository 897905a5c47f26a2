package cifar

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
)

// maxUnpacked limits the size of an archive, packed and unpacked, in bytes. CIFAR-10
// has 186 MB in either format.
const maxUnpacked = 256 << 20

// readArchive fills d from a gzipped tar file of either format, which is read once from
// start to end and never unpacked to disk. Only the six files are read, under their
// original names; everything else is ignored. It returns what is wrong with each of the
// six.
func readArchive(name string, d Data) [len(files)]error {
	a := &archiveReader{name: name, data: d, left: maxUnpacked}
	err := a.read()
	for i := range a.errs {
		switch {
		case a.errs[i] != nil:
		case err != nil:
			a.errs[i] = err
		case a.format == nil:
			a.errs[i] = inputErrorf(name, adviceArchive, "holds none of the files of CIFAR-10")
		case !a.seen[i]:
			a.errs[i] = inputErrorf(name, adviceArchive, "%s is missing", a.format.inArchive(i))
		}
	}
	return a.errs
}

// archiveReader reads an archive.
type archiveReader struct {
	name     string
	unzipped io.Reader
	left     int64 // bytes that may still be unpacked
	err      error // the first error of Read

	data   Data
	format *format // that of the first of the six files found
	seen   [len(files)]bool
	errs   [len(files)]error
}

// read reads the whole archive. Its error is about the archive itself.
func (a *archiveReader) read() error {
	f, err := openFile(a.name, adviceArchive)
	if err != nil {
		return err
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.Size() > maxUnpacked {
		return inputErrorf(a.name, adviceArchive, "%d bytes, at most %d are read", info.Size(), maxUnpacked)
	}
	if a.unzipped, err = gzip.NewReader(bufio.NewReaderSize(io.LimitReader(f, maxUnpacked), 1<<16)); err != nil {
		return a.damaged(err)
	}
	for entries := tar.NewReader(a); ; {
		h, err := entries.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return a.damaged(err)
		}
		if i, ok := a.find(path.Clean(h.Name)); ok {
			err := a.entry(i, h, entries)
			if a.err != nil {
				return a.damaged(a.err)
			}
			a.errs[i] = err
		}
	}
	if _, err := io.Copy(io.Discard, a); err != nil { // up to gzip's own sum
		return a.damaged(err)
	}
	return nil
}

// Read reads the tar file and keeps its error, since readers of an entry report it as
// theirs.
func (a *archiveReader) Read(p []byte) (int, error) {
	n, err := a.unzipped.Read(p)
	if a.left -= int64(n); err == nil && a.left < 0 {
		err = fmt.Errorf("it unpacks to more than %d bytes", maxUnpacked)
	}
	if err != io.EOF {
		a.err = err
	}
	return n, err
}

// find returns which of the six files an entry is.
func (a *archiveReader) find(name string) (int, bool) {
	for k := range formats {
		for i := range files {
			if formats[k].inArchive(i) == name && (a.format == nil || a.format == &formats[k]) {
				a.format = &formats[k]
				return i, true
			}
		}
	}
	return 0, false
}

// entry reads file i of the six.
func (a *archiveReader) entry(i int, h *tar.Header, r io.Reader) error {
	name := a.format.inArchive(i)
	switch {
	case h.Typeflag != tar.TypeReg:
		return inputErrorf(a.name, adviceArchive, "%s is not a regular file", name)
	case a.seen[i]:
		return inputErrorf(a.name, adviceArchive, "%s appears twice", name)
	}
	a.seen[i] = true
	return a.format.read(r, a.name+": "+name, a.data.part(i))
}

// damaged returns the error that the archive cannot be read to its end.
func (a *archiveReader) damaged(err error) error {
	if errors.As(err, new(*fs.PathError)) {
		return machineError(a.name, err)
	}
	return inputErrorf(a.name, adviceArchive, "not a valid .tar.gz archive: %v", err)
}
