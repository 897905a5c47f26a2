package cifar

import (
	"fmt"
	"io"
	"os"
)

// chunk is how many records are read or written at once (about 200 kB).
const chunk = 64

// readRecords fills s from r, which must hold s.Len() records and no more. Errors name
// the input name and the byte offset; bad data is an [*InputError].
func readRecords(r io.Reader, name string, s Set) error {
	bad := func(problem string, args ...any) error { return inputErrorf(name, adviceFile, problem, args...) }
	size, buf := s.Len()*RecordSize, make([]byte, chunk*RecordSize)
	for n := 0; n < s.Len(); {
		got, err := io.ReadFull(r, buf[:min(chunk, s.Len()-n)*RecordSize])
		for i := range got / RecordSize {
			record := buf[i*RecordSize:][:RecordSize]
			if record[0] >= Classes {
				return bad("byte %d: label %d, expected 0 to %d", n*RecordSize, record[0], Classes-1)
			}
			s.Labels[n] = record[0]
			copy(s.Image(n), record[1:])
			n++
		}
		start, rest := n*RecordSize, got%RecordSize
		switch {
		case err == nil:
		case err != io.EOF && err != io.ErrUnexpectedEOF:
			return machineError(fmt.Sprintf("%s: byte %d", name, start+rest), err)
		case rest > 0:
			return bad("truncated: ends at byte %d, inside the record that starts at byte %d (a record is %d bytes)", start+rest, start, RecordSize)
		case n == 0:
			return bad("the file is empty, expected %d bytes", size)
		default:
			return bad("truncated: ends at byte %d, expected %d bytes", start, size)
		}
	}
	switch n, err := io.ReadFull(r, buf[:1]); {
	case n > 0:
		return bad("too long: continues at byte %d, expected %d bytes", size, size)
	case err != io.EOF:
		return machineError(fmt.Sprintf("%s: byte %d", name, size), err)
	}
	return nil
}

// WriteTo writes the set as records, the format of CIFAR-10's binary files. It returns
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
