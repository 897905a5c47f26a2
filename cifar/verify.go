package cifar

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"sync"
)

// FileCheck is what [Verify] found out about one file. A pickle, or a file in an
// archive, is judged by the images and labels that it holds: its size and sum are
// those of the binary file with the same content.
type FileCheck struct {
	Name    string `json:"name"`    // name in the folder
	Size    int64  `json:"size"`    // bytes read; 0 when the file cannot be read
	SHA256  string `json:"sha256"`  // in hex; empty when the file cannot be read
	OK      bool   `json:"ok"`      // whether it is the original
	Problem string `json:"problem"` // what is wrong and what to do, one line; empty when OK
}

// Verify compares the six files at path, in any form that [Load] reads, with the
// originals by size and SHA-256 and returns a check for each of them in order. A bad
// file gives a check that is not OK. It is an error if nothing is at path, or if
// this machine fails to read a file, which says nothing about the file.
func Verify(path string) ([]FileCheck, error) {
	p, err := locate(path)
	if err != nil {
		return nil, err
	}
	if p.file || p.form.ext != forms[0].ext {
		return p.verifyImages()
	}
	checks, errs := make([]FileCheck, len(files)), [len(files)]error{}
	var wg sync.WaitGroup
	for i, f := range files {
		wg.Go(func() { checks[i], errs[i] = verifyFile(filepath.Join(p.path, f.name), f.sum) })
	}
	wg.Wait()
	return checks, ofMachine(errs)
}

// ofMachine returns the first error that is not about what was read.
func ofMachine(errs [len(files)]error) error {
	for _, err := range errs {
		if err != nil && !errors.As(err, new(*InputError)) {
			return err
		}
	}
	return nil
}

// verifyImages compares what the files hold with what the originals do.
func (p place) verifyImages() ([]FileCheck, error) {
	d := newData("", nil)
	errs := p.read(d)
	checks := make([]FileCheck, len(files))
	d.eachPart(func(i int, part Set) {
		c := &checks[i]
		if c.Name = p.form.name(i); errs[i] != nil {
			c.Problem = errs[i].Error()
			return
		}
		c.Size, c.SHA256 = FileRecords*RecordSize, part.sum()
		if c.OK = c.SHA256 == files[i].sum; !c.OK {
			c.Problem = inputErrorf(filepath.Join(p.path, c.Name), p.form.advice, "altered: its images or labels are not those of the original").Error()
		}
	})
	return checks, ofMachine(errs)
}

// verifyFile compares one file with the sum of the original. The error says why it
// could not.
func verifyFile(path, want string) (FileCheck, error) {
	c := FileCheck{Name: filepath.Base(path)}
	f, err := openFile(path, adviceFile)
	if err != nil {
		c.Problem = err.Error()
		return c, err
	}
	defer f.Close()
	h := sha256.New()
	if c.Size, err = io.Copy(h, f); err != nil {
		return c, machineError(fmt.Sprintf("%s: byte %d", path, c.Size), err)
	}
	c.SHA256 = fmt.Sprintf("%x", h.Sum(nil))
	switch size := int64(FileRecords * RecordSize); {
	case c.SHA256 == want:
		c.OK = true
	case c.Size != size:
		c.Problem = inputErrorf(path, adviceFile, "%d bytes, expected %d", c.Size, size).Error()
	default:
		c.Problem = inputErrorf(path, adviceFile, "damaged or altered: SHA-256 is not that of the original").Error()
	}
	return c, nil
}
