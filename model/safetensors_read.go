package model

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/nlpodyssey/safetensors"
)

// ReadSaved reads a net written by Save, or by PyTorch with safetensors. It derives the
// shape of the net from the tensors, checks every field and every number, and rejects
// anything missing, superfluous or misplaced. Errors in the file wrap ErrFile; they are
// one line.
//
// Before it reads the numbers of a large file, it passes the shape and the metadata to
// admit and returns its error, if any; Bytes says how much memory the net needs.
func ReadSaved(r io.Reader, admit func(*Saved) error) (*Saved, error) {
	var start bytes.Buffer
	_, err := io.CopyN(&start, r, 8+maxHeader)
	file, large := start.Bytes(), err == nil
	if large {
		shape, end, bad := survey(file)
		if bad != nil {
			return nil, damage(bad)
		}
		if err := admit(shape); err != nil {
			return nil, err
		}
		file, err = readOn(r, file, end+1) // one more byte, to detect a longer file
	}
	if err != nil && err != io.EOF {
		return nil, fmt.Errorf("model: cannot read a saved net: %w", err)
	}
	s, err := parse(file)
	if err != nil {
		return nil, damage(err)
	}
	if !large {
		err = admit(s)
	}
	return s, err
}

// readOn reads until file has length end or r ends. The buffer at most doubles each
// time, so that a lying header costs no memory.
func readOn(r io.Reader, file []byte, end int) ([]byte, error) {
	for len(file) < end {
		has := len(file)
		file = append(file, make([]byte, min(has, end-has))...)
		n, err := io.ReadFull(r, file[has:])
		if file = file[:has+n]; err == io.ErrUnexpectedEOF || err == io.EOF {
			return file, nil
		} else if err != nil {
			return file, err
		}
	}
	return file, nil
}

// damage wraps ErrFile and shortens what a hostile file may have made long.
func damage(err error) error {
	text := err.Error()
	if len(text) > 250 {
		text = strings.ToValidUTF8(text[:250], "") + " …"
	}
	return fmt.Errorf("%w: %s", ErrFile, text)
}

// maxData limits the numbers of a file, in bytes.
const maxData = 4 << 30

// survey returns, from the header, the shape of the net, without its numbers, and the
// required length of its file.
func survey(file []byte) (shape *Saved, end int, err error) {
	n, header, err := parseHeader(file)
	if err != nil {
		return nil, 0, err
	}
	size := uint64(0)
	for _, t := range header.Tensors() {
		size = max(size, t.DataOffsets[1])
	}
	if size > maxData {
		return nil, 0, fmt.Errorf("header declares %d bytes of data, at most %d are read", size, uint64(maxData))
	}
	if err := checkOffsets(header.Tensors(), size); err != nil {
		return nil, 0, err
	}
	shape, err = netOf(header, nil)
	return shape, int(n + size), err
}

// parseHeader returns the header and where it ends.
func parseHeader(file []byte) (n uint64, header safetensors.Metadata, err error) {
	if err := checkHeader(file); err != nil {
		return 0, header, err
	}
	n = 8 + binary.LittleEndian.Uint64(file)
	if err := json.Unmarshal(file[8:n], &header); err != nil {
		return 0, header, fmt.Errorf("header: %w", err)
	}
	return n, header, nil
}

// parse parses a whole file.
func parse(file []byte) (*Saved, error) {
	n, header, err := parseHeader(file)
	if err != nil {
		return nil, err
	}
	if err := checkOffsets(header.Tensors(), uint64(len(file))-n); err != nil {
		return nil, err
	}
	return netOf(header, file[n:])
}
