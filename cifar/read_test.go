package cifar

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

// sets draws sets of up to 150 images, more than two chunks.
var sets = rapid.Custom(func(t *rapid.T) Set {
	n := rapid.IntRange(1, 150).Draw(t, "images")
	return noise(n, rapid.Uint64().Draw(t, "seed"))
})

// equal reports whether two sets hold the same images. (go-cmp would compare
// them byte by byte by reflection.)
func equal(a, b Set) bool {
	return bytes.Equal(a.Pixels, b.Pixels) && bytes.Equal(a.Labels, b.Labels)
}

// encode returns the records of s.
func encode(s Set) []byte {
	var b bytes.Buffer
	s.WriteTo(&b)
	return b.Bytes()
}

func TestReadReturnsWhatWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := sets.Draw(t, "set")
		file := encode(want)
		if len(file) != want.Len()*RecordSize || file[0] != want.Labels[0] || file[1] != want.Pixels[0] {
			t.Fatalf("%d bytes that start with %d", len(file), file[:2])
		}
		for _, r := range []io.Reader{bytes.NewReader(file), iotest.HalfReader(bytes.NewReader(file))} {
			got, err := Read(r, "memory")
			if err != nil {
				t.Fatal(err)
			}
			if !equal(want, got) {
				t.Fatal("read another set than was written")
			}
		}
	})
}

// TestReadDamaged asserts the one line that each kind of damage gets, from a
// file that should hold 100 records.
func TestReadDamaged(t *testing.T) {
	good := encode(noise(100, 1))
	bad := func(at int) []byte {
		b := bytes.Clone(good)
		b[at*RecordSize] = 10 + byte(at)
		return b
	}
	for _, c := range []struct {
		name    string
		content []byte
		want    string
	}{
		{"empty", nil, "the file is empty, expected 307300 bytes"},
		{"one byte", good[:1], "truncated: ends at byte 1, inside the record that starts at byte 0 (a record is 3073 bytes)"},
		{"truncated in a record", good[:99*RecordSize+5],
			"truncated: ends at byte 304232, inside the record that starts at byte 304227 (a record is 3073 bytes)"},
		{"truncated after a record", good[:70*RecordSize], "truncated: ends at byte 215110, expected 307300 bytes"},
		{"one byte too long", append(bytes.Clone(good), 0), "too long: goes on at byte 307300, expected 307300 bytes"},
		{"a record too long", append(bytes.Clone(good), good[:RecordSize]...), "too long: goes on at byte 307300, expected 307300 bytes"},
		{"first label", bad(0), "byte 0: label 10, expected 0 to 9"},
		{"a later label", bad(66), "byte 202818: label 76, expected 0 to 9"},
		{"bad label, then truncated", bad(3)[:4*RecordSize+1], "byte 9219: label 13, expected 0 to 9"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "data_batch_1.bin")
			if err := os.WriteFile(path, c.content, 0o600); err != nil {
				t.Fatal(err)
			}
			s, err := ReadFile(path, 100)
			wantInputError(t, err, path, c.want)
			if s.Len() != 0 || s.Pixels != nil {
				t.Error("a bad file gives images")
			}
		})
	}
}

// wantInputError asserts that err is an InputError of one line about a place,
// with the given problem and some advice.
func wantInputError(t *testing.T, err error, where, problem string) {
	t.Helper()
	var e *InputError
	if !errors.As(err, &e) {
		t.Fatalf("%v is no InputError", err)
	}
	if e.Where != where || e.Problem != problem || e.Advice == "" {
		t.Errorf("got  %v\nwant %s: %s; …", err, where, problem)
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("more than a line: %q", err)
	}
}

func TestReadFileMissing(t *testing.T) {
	dir := t.TempDir()
	_, err := ReadFile(dir, 1)
	wantInputError(t, err, dir, "a folder, expected a file")
	path := filepath.Join(dir, "none.bin")
	_, err = ReadFile(path, 1)
	wantInputError(t, err, path, "cannot open: no such file or directory")
}

func TestReadDamagedStream(t *testing.T) {
	good := encode(noise(2, 1))
	_, err := Read(bytes.NewReader(nil), "stdin")
	wantInputError(t, err, "stdin", "the file is empty")
	_, err = Read(bytes.NewReader(good[:RecordSize+1]), "stdin")
	wantInputError(t, err, "stdin", "truncated: ends at byte 3074, inside the record that starts at byte 3073 (a record is 3073 bytes)")
}

// TestReadFailure asserts that a failing device is not taken for a bad file.
func TestReadFailure(t *testing.T) {
	broken := errors.New("device is gone")
	r := io.MultiReader(bytes.NewReader(make([]byte, RecordSize+7)), iotest.ErrReader(broken))
	_, err := Read(r, "tape")
	var input *InputError
	if !errors.Is(err, broken) || errors.As(err, &input) || !strings.Contains(err.Error(), "tape: byte 3080: ") {
		t.Errorf("got %v", err)
	}
}

// TestReadFileBounded asserts that the memory of ReadFile follows from the
// number of records asked for, however long the file is.
func TestReadFileBounded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "huge.bin")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, 1<<40); err != nil {
		t.Skip("no sparse files here: ", err)
	}
	_, err := ReadFile(path, 2)
	wantInputError(t, err, path, "too long: goes on at byte 6146, expected 6146 bytes")
}

// FuzzRead: what is read comes back byte for byte, and takes memory by its length.
func FuzzRead(f *testing.F) {
	good := encode(noise(2, 1))
	f.Add(good)
	f.Add(good[:RecordSize])
	f.Add(good[:RecordSize+1])
	f.Add([]byte{})
	f.Add([]byte{10})
	f.Fuzz(func(t *testing.T, data []byte) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		s, err := Read(bytes.NewReader(data), "fuzz")
		runtime.ReadMemStats(&after)
		// What is allocated while the set grows, freed parts too, and the buffer.
		if used := after.TotalAlloc - before.TotalAlloc; used > uint64(5*len(data)+4*chunk*RecordSize) {
			t.Errorf("%d bytes allocated for %d", used, len(data))
		}
		if err != nil {
			if s.Pixels != nil || s.Labels != nil {
				t.Error("an error comes with images")
			}
			return
		}
		if !bytes.Equal(encode(s), data) {
			t.Error("accepted data does not come back")
		}
	})
}
