package cifar

import (
	"cmp"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// folder is the name of CIFAR-10's binary files in their archive and in all
// default places.
const folder = "cifar-10-batches-bin"

// format is one of CIFAR-10's two formats: records of bytes, and pickles, which
// torchvision unpacks. Both hold the same images.
type format struct {
	folder  string // its name, in the archive too
	archive string
	ext     string // of the names of the six files
	advice  string // on a bad file
	read    func(r io.Reader, name string, s Set) error
}

var formats = []format{
	{folder, "cifar-10-binary.tar.gz", ".bin", adviceFile, readRecords},
	{"cifar-10-batches-py", "cifar-10-python.tar.gz", "", advicePickle, readBatch},
}

// name returns the name of file i of the six in this format, in its folder.
func (f format) name(i int) string { return strings.TrimSuffix(files[i].name, ".bin") + f.ext }

// inArchive returns the name of file i in the archive of this format.
func (f format) inArchive(i int) string { return f.folder + "/" + f.name(i) }

// location is where CIFAR-10 is: a folder of six files, or an archive.
type location struct {
	path   string
	format format // of a folder
	file   bool   // an archive
	empty  bool   // a folder without any of the six files
}

// locate returns the location that path refers to: a folder of one format, a folder
// that holds such a folder or archive under its usual name, or an archive. The binary
// format comes first. A folder without any of these is treated as one that lacks all
// six files.
func locate(path string) (location, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return location{}, inputErrorf(path, adviceFolder, "no such file or folder")
	case err != nil:
		return location{}, FileError(path, adviceFolder, err)
	case !info.IsDir():
		return archiveAt(path), nil
	}
	for _, f := range formats {
		for i := range files {
			if exists(filepath.Join(path, f.name(i))) {
				return location{path: path, format: f}, nil
			}
		}
	}
	for _, f := range formats {
		if inner := filepath.Join(path, f.folder); exists(inner) {
			return location{path: inner, format: f}, nil
		}
	}
	for _, f := range formats {
		if inner := filepath.Join(path, f.archive); exists(inner) {
			return archiveAt(inner), nil
		}
	}
	return location{path: path, format: formats[0], empty: true}, nil
}

// archiveAt returns the location of an archive, whose format shows when it is read.
func archiveAt(path string) location {
	return location{path: path, format: format{advice: adviceArchive}, file: true}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// Find returns where CIFAR-10 is, a folder or an archive that [Load] reads. It looks at
// flag if given, else at $CIFAR10_DIR if set, else in the folder data and then in bnlab
// in the user's cache folder, in each for cifar-10-batches-bin, cifar-10-batches-py and
// the archives, in this order. It returns "" if there is none. If what flag or
// $CIFAR10_DIR names does not exist, that is an [*InputError]: the search never skips
// what the user asked for.
func Find(flag string) (string, error) {
	if path := cmp.Or(flag, os.Getenv("CIFAR10_DIR")); path != "" {
		p, err := locate(path)
		return p.path, err
	}
	places := []string{"data"}
	if cache, err := os.UserCacheDir(); err == nil {
		places = append(places, filepath.Join(cache, "bnlab"))
	}
	for _, path := range places {
		if p, err := locate(path); err == nil && p.path != path {
			return p.path, nil
		}
	}
	return "", nil
}

// Files returns the files that [Load] reads for path: an archive, or the six files,
// whether or not they exist.
func Files(path string) []string {
	p, err := locate(path)
	if err != nil {
		return nil
	}
	if p.file {
		return []string{p.path}
	}
	names := make([]string, len(files))
	for i := range files {
		names[i] = filepath.Join(p.path, p.format.name(i))
	}
	return names
}
