package cifar

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// form is one of the two forms that CIFAR-10 is given out in: records of bytes,
// and pickles, which torchvision unpacks. Both hold the same images.
type form struct {
	folder  string // its name, in the archive too
	archive string
	ext     string // of the names of the six files
	advice  string // on a bad file
	read    func(r io.Reader, name string, s Set) error
}

var forms = []form{
	{folder, "cifar-10-binary.tar.gz", ".bin", adviceFile, readRecordsInto},
	{"cifar-10-batches-py", "cifar-10-python.tar.gz", "", advicePickle, readBatchInto},
}

// name returns the name of file i of the six in this form, in its folder.
func (f form) name(i int) string { return strings.TrimSuffix(files[i].name, ".bin") + f.ext }

// inArchive returns the name of file i in the archive of this form.
func (f form) inArchive(i int) string { return f.folder + "/" + f.name(i) }

// place is where CIFAR-10 lies: a folder of six files, or an archive.
type place struct {
	path  string
	form  form // of a folder
	file  bool // an archive
	empty bool // a folder without any of the six files
}

// locate returns the place that path means: a folder of one form, a folder that
// holds such a folder or archive under its usual name, or an archive. The binary
// form goes first. A folder with nothing of all that is taken for one that lacks
// all six files.
func locate(path string) (place, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return place{}, inputErrorf(path, adviceFolder, "no such file or folder")
	case err != nil:
		return place{}, FileError(path, adviceFolder, err)
	case !info.IsDir():
		return archiveAt(path), nil
	}
	for _, f := range forms {
		for i := range files {
			if exists(filepath.Join(path, f.name(i))) {
				return place{path: path, form: f}, nil
			}
		}
	}
	for _, f := range forms {
		if inner := filepath.Join(path, f.folder); exists(inner) {
			return place{path: inner, form: f}, nil
		}
	}
	for _, f := range forms {
		if inner := filepath.Join(path, f.archive); exists(inner) {
			return archiveAt(inner), nil
		}
	}
	return place{path: path, form: forms[0], empty: true}, nil
}

// archiveAt returns the place of an archive, whose form shows when it is read.
func archiveAt(path string) place {
	return place{path: path, form: form{advice: adviceArchive}, file: true}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// read fills d with the images that lie at p and returns what is wrong with each
// of the six files.
func (p place) read(d Data) (errs [len(files)]error) {
	if p.file {
		return readArchive(p.path, d)
	}
	d.eachPart(func(i int, part Set) {
		path := filepath.Join(p.path, p.form.name(i))
		f, err := openFile(path, p.form.advice)
		if err == nil {
			err = p.form.read(f, path, part)
			f.Close()
		}
		errs[i] = err
	})
	return errs
}

// Files returns the files that [Load] reads of what lies at path: an archive, or the
// six files, be they there or not.
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
		names[i] = filepath.Join(p.path, p.form.name(i))
	}
	return names
}
