package cifar

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"path/filepath"
	"sync"
)

// FileCheck is what [Verify] found out about one file. A pickle, or a file in an
// archive, is judged by the images and labels that it holds: its size and sum are
// those of the binary file with the same content.
type FileCheck struct {
	Name    string       `json:"name"`    // name in the folder
	Size    int64        `json:"size"`    // bytes read, of too long a file one more than it should have; 0 when it cannot be read
	SHA256  string       `json:"sha256"`  // in hex; empty when the file cannot be read, or not to its end
	OK      bool         `json:"ok"`      // whether it is the original
	Problem string       `json:"problem"` // what is wrong and what to do, one line; empty when OK
	Records []Difference `json:"records"` // that are not the original's, of what could be read; never nil
}

// Verify compares the six files at path, in any form that [Load] reads, with the
// originals by size and SHA-256, and record by record, and returns a check for each
// of them in order. A bad file gives a check that is not OK. It is an error if
// nothing is at path, or if this machine fails to read a file, which says nothing
// about the file.
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
	for i := range files {
		wg.Go(func() { checks[i], errs[i] = p.verifyFile(i) })
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
		v := p.newVerifier(i)
		if errs[i] == nil {
			n, _ := part.WriteTo(v) // which never fails
			v.check.Size = n
			v.judge()
		} else {
			v.check.Problem = errs[i].Error()
		}
		checks[i] = v.check
	})
	return checks, ofMachine(errs)
}

// verifyFile compares binary file i with the original. The error says why it could
// not.
func (p place) verifyFile(i int) (FileCheck, error) {
	v := p.newVerifier(i)
	f, err := openFile(v.path, p.form.advice)
	if err != nil {
		v.check.Problem = err.Error()
		return v.check, err
	}
	defer f.Close()
	r, buf := io.LimitReader(f, fileSize+1), make([]byte, chunk*RecordSize)
	for err == nil {
		var n int
		n, err = io.ReadFull(r, buf)
		v.Write(buf[:n])
		v.check.Size += int64(n)
	}
	if err != io.EOF && err != io.ErrUnexpectedEOF {
		return v.check, machineError(fmt.Sprintf("%s: byte %d", v.path, v.check.Size), err)
	}
	v.judge()
	return v.check, nil
}

// fileSize is the size of each of the six binary files.
const fileSize = FileRecords * RecordSize

// verifier judges one of the six files by its bytes, which are written to it in
// pieces of whole records.
type verifier struct {
	io.Writer
	sum     hash.Hash
	records recordCheck
	path    string
	advice  string
	check   FileCheck
}

func (p place) newVerifier(i int) *verifier {
	v := &verifier{sum: sha256.New(), records: recordCheck{original: cifar10, file: i}, advice: p.form.advice}
	v.check = FileCheck{Name: p.form.name(i), Records: []Difference{}}
	v.path = filepath.Join(p.path, v.check.Name)
	v.Writer = io.MultiWriter(v.sum, &v.records)
	return v
}

// judge tells whether what was written, of the size in the check, is the original.
func (v *verifier) judge() {
	c := &v.check
	if c.Size <= fileSize {
		c.SHA256 = fmt.Sprintf("%x", v.sum.Sum(nil))
	}
	if c.OK = c.SHA256 == files[v.records.file].sum; c.OK {
		return
	}
	c.Records = append(c.Records, v.records.differ...)
	problem := "altered"
	switch {
	case c.Size > fileSize:
		problem = fmt.Sprintf("more than the expected %d bytes", fileSize)
	case c.Size < fileSize:
		problem = fmt.Sprintf("%d bytes, expected %d", c.Size, fileSize)
	}
	if differ := v.records.summary(); differ != "" {
		problem += ": " + differ
	}
	c.Problem = inputErrorf(v.path, v.advice, "%s", problem).Error()
}
