package cifar

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"path/filepath"
)

// FileCheck is the result of [Verify] for one file. A pickle, or a file in an archive,
// is checked by the images and labels in it: its size and sum are those of the binary
// file with the same content.
type FileCheck struct {
	Name    string       `json:"name"`    // name in the folder
	Size    int64        `json:"size"`    // bytes read, one more than expected for a file that is too long; 0 if it cannot be read
	SHA256  string       `json:"sha256"`  // in hex; empty if the file cannot be read to its end
	OK      bool         `json:"ok"`      // whether it is the original
	Problem string       `json:"problem"` // what is wrong and what to do, one line; empty if OK
	Records []Difference `json:"records"` // records, as far as read, that differ from the original; never nil
}

// Verify compares the six files at path, in any format that [Load] reads, with the
// originals by size and SHA-256, and record by record, and returns a check for each
// of them in order. A bad file gives a check that is not OK. It is an error if
// nothing is at path, or if this machine fails to read a file, which says nothing
// about the file.
func Verify(path string) ([]FileCheck, error) {
	p, err := locate(path)
	if err != nil {
		return nil, err
	}
	d, errs := Data{}, [len(files)]error{}
	decoded := p.file || p.format.ext != formats[0].ext
	if decoded {
		d = newData("", nil)
		errs = p.read(d)
	}
	checks := make([]FileCheck, len(files))
	d.eachPart(func(i int, part Set) {
		v := &verifier{location: p, sum: sha256.New(), records: recordCheck{original: cifar10, file: i}}
		if !decoded {
			errs[i] = v.readFile()
		} else if errs[i] == nil {
			part.WriteTo(v) // which never fails
		}
		checks[i] = v.check(errs[i])
	})
	for _, err := range errs {
		if err != nil && !errors.As(err, new(*InputError)) {
			return nil, err
		}
	}
	return checks, nil
}

// fileSize is the size of each of the six binary files.
const fileSize = FileRecords * RecordSize

// verifier compares one of the six files with the original by its bytes, which are
// written to it in pieces of whole records.
type verifier struct {
	location
	sum     hash.Hash
	records recordCheck
	size    int64 // bytes written
}

func (v *verifier) name() string { return v.format.name(v.records.file) }
func (v *verifier) path() string { return filepath.Join(v.location.path, v.name()) }

// Write never fails.
func (v *verifier) Write(p []byte) (int, error) {
	v.sum.Write(p)
	v.records.Write(p)
	v.size += int64(len(p))
	return len(p), nil
}

// readFile writes the binary file to v, one byte more than expected if it is too long.
func (v *verifier) readFile() error {
	f, err := openFile(v.path(), v.format.advice)
	if err != nil {
		return err
	}
	defer f.Close()
	r, buf := io.LimitReader(f, fileSize+1), make([]byte, chunk*RecordSize)
	for err == nil {
		var n int
		n, err = io.ReadFull(r, buf)
		v.Write(buf[:n])
	}
	if err != io.EOF && err != io.ErrUnexpectedEOF {
		return machineError(fmt.Sprintf("%s: byte %d", v.path(), v.size), err)
	}
	return nil
}

// check reports whether what was written is the original; err is why it could not be read.
func (v *verifier) check(err error) FileCheck {
	c := FileCheck{Name: v.name(), Size: v.size, Records: []Difference{}}
	if err != nil {
		c.Problem = err.Error()
		return c
	}
	problem := "altered"
	switch {
	case c.Size > fileSize:
		problem = fmt.Sprintf("more than the expected %d bytes", fileSize)
	case c.Size < fileSize:
		problem = fmt.Sprintf("%d bytes, expected %d", c.Size, fileSize)
	}
	if c.Size <= fileSize {
		c.SHA256 = fmt.Sprintf("%x", v.sum.Sum(nil))
	}
	if c.OK = c.SHA256 == files[v.records.file].sum; c.OK {
		return c
	}
	c.Records = append(c.Records, v.records.differ...)
	if differ := v.records.summary(); differ != "" {
		problem += ": " + differ
	}
	c.Problem = inputErrorf(v.path(), v.format.advice, "%s", problem).Error()
	return c
}
