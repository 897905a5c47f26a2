package cifar

import (
	"fmt"
	"io"
	"os"
	"slices"
)

// chunk is how many records are read or written at once (about 200 kB).
const chunk = 64

// Read reads records from r to its end: any whole number of them, at least
// one. Its memory is bounded by what r delivers. Errors name the input name
// and the byte offset; bad data is an [*InputError].
func Read(r io.Reader, name string) (Set, error) {
	d := newDecoder(r, name)
	var s Set
	for {
		n := s.Len()
		s.Pixels = slices.Grow(s.Pixels, chunk*Dim)[:(n+chunk)*Dim]
		s.Labels = slices.Grow(s.Labels, chunk)[:n+chunk]
		got, err := d.fill(s.Slice(n, n+chunk))
		if err == nil && n+got == 0 {
			err = d.problem("the file is empty")
		}
		if err != nil {
			return Set{}, err
		}
		if s = s.Slice(0, n+got); got < chunk {
			return s, nil
		}
	}
}

// ReadFile reads the file at path, which must hold exactly the given number of
// records. Its memory is bounded by that number, however long the file is.
// Bad data, a missing file and a folder are each an [*InputError].
func ReadFile(path string, records int) (Set, error) {
	s := newSet(records)
	if err := readFileInto(path, s); err != nil {
		return Set{}, err
	}
	return s, nil
}

// readFileInto fills s from the file at path, which must hold s.Len() records.
func readFileInto(path string, s Set) error {
	f, err := openFile(path, adviceFile)
	if err != nil {
		return err
	}
	defer f.Close()
	return readRecordsInto(f, path, s)
}

// readRecordsInto fills s from r, which must hold s.Len() records and no more.
func readRecordsInto(r io.Reader, name string, s Set) error {
	d := newDecoder(r, name)
	got, err := d.fill(s)
	if err != nil {
		return err
	}
	size := s.Len() * RecordSize
	switch {
	case got == 0:
		return d.problem("the file is empty, expected %d bytes", size)
	case got < s.Len():
		return d.problem("truncated: ends at byte %d, expected %d bytes", got*RecordSize, size)
	}
	switch n, err := io.ReadFull(r, d.buf[:1]); {
	case n > 0:
		return d.problem("too long: goes on at byte %d, expected %d bytes", size, size)
	case err != io.EOF:
		return machineError(fmt.Sprintf("%s: byte %d", name, size), err)
	}
	return nil
}

// openFile opens a file for reading. Its errors are those of [FileError].
func openFile(path, advice string) (*os.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, FileError(path, advice, err)
	}
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		err = inputErrorf(path, advice, "a folder, expected a file")
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// decoder parts records into pixels and labels.
type decoder struct {
	r    io.Reader
	name string
	off  int // bytes of r that lie in whole records already decoded
	buf  []byte
}

func newDecoder(r io.Reader, name string) *decoder {
	return &decoder{r: r, name: name, buf: make([]byte, chunk*RecordSize)}
}

// problem returns an InputError about this input.
func (d *decoder) problem(format string, args ...any) error {
	return inputErrorf(d.name, adviceFile, format, args...)
}

// fill reads records into s until s is full or the input ends, and returns how
// many it read. An input that ends inside a record is an error.
func (d *decoder) fill(s Set) (int, error) {
	for n := 0; n < s.Len(); {
		want := min(chunk, s.Len()-n)
		got, err := io.ReadFull(d.r, d.buf[:want*RecordSize])
		whole, rest := got/RecordSize, got%RecordSize
		if err := d.decode(s.Slice(n, n+whole)); err != nil {
			return n, err
		}
		n += whole
		switch {
		case err == nil:
		case err != io.EOF && err != io.ErrUnexpectedEOF:
			return n, machineError(fmt.Sprintf("%s: byte %d", d.name, d.off+rest), err)
		case rest > 0:
			return n, d.problem("truncated: ends at byte %d, inside the record that starts at byte %d (a record is %d bytes)",
				d.off+rest, d.off, RecordSize)
		default:
			return n, nil
		}
	}
	return s.Len(), nil
}

// decode parts the first s.Len() records of the buffer.
func (d *decoder) decode(s Set) error {
	for i := range s.Labels {
		record := d.buf[i*RecordSize : (i+1)*RecordSize]
		if record[0] >= Classes {
			return d.problem("byte %d: label %d, expected 0 to %d", d.off, record[0], Classes-1)
		}
		s.Labels[i] = record[0]
		copy(s.Image(i), record[1:])
		d.off += RecordSize
	}
	return nil
}

// WriteTo writes the set as records, the format that [Read] reads. It returns
// the number of bytes written.
func (s Set) WriteTo(w io.Writer) (int64, error) {
	buf := make([]byte, 0, chunk*RecordSize)
	var written int64
	for i := 0; i < s.Len(); i += chunk {
		buf = buf[:0]
		for j := i; j < min(i+chunk, s.Len()); j++ {
			buf = append(append(buf, s.Labels[j]), s.Image(j)...)
		}
		n, err := w.Write(buf)
		written += int64(n)
		if err != nil {
			return written, err
		}
	}
	return written, nil
}
