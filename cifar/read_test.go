package cifar

import (
	"bytes"
	"errors"
	"io"
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

func TestReadReturnsWhatWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := sets.Draw(t, "set")
		file := recordsOf(want)
		if len(file) != want.Len()*RecordSize || file[0] != want.Labels[0] || file[1] != want.Pixels[0] {
			t.Fatalf("%d bytes that start with %d", len(file), file[:2])
		}
		for _, r := range []io.Reader{bytes.NewReader(file), iotest.HalfReader(bytes.NewReader(file))} {
			got := newSet(want.Len())
			if err := readRecords(r, "memory", got); err != nil {
				t.Fatal(err)
			}
			if !equal(want, got) {
				t.Fatal("read another set than was written")
			}
		}
	})
}

// TestReadDamaged asserts the one line that each kind of damage gets, from a
// input that should hold 100 records.
func TestReadDamaged(t *testing.T) {
	good := recordsOf(noise(100, 1))
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
		{"one byte too long", append(bytes.Clone(good), 0), "too long: continues at byte 307300, expected 307300 bytes"},
		{"a record too long", append(bytes.Clone(good), good[:RecordSize]...), "too long: continues at byte 307300, expected 307300 bytes"},
		{"first label", bad(0), "byte 0: label 10, expected 0 to 9"},
		{"a later label", bad(66), "byte 202818: label 76, expected 0 to 9"},
		{"bad label, then truncated", bad(3)[:4*RecordSize+1], "byte 9219: label 13, expected 0 to 9"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := readRecords(bytes.NewReader(c.content), "data_batch_1.bin", newSet(100))
			wantInputError(t, err, "data_batch_1.bin", c.want)
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
	if got := strings.TrimSpace(e.Field + " " + e.Where); got != where || e.Problem != problem || e.Advice == "" {
		t.Errorf("got  %v\nwant %s: %s; …", err, where, problem)
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("more than a line: %q", err)
	}
}

func TestOpenFile(t *testing.T) {
	dir := t.TempDir()
	_, err := openFile(dir, adviceFile)
	wantInputError(t, err, dir, "a folder, expected a file")
	path := filepath.Join(dir, "none.bin")
	_, err = openFile(path, adviceFile)
	wantInputError(t, err, path, "cannot open: no such file or directory")
}

// TestReadFailure asserts that a failing device is not taken for a bad file.
func TestReadFailure(t *testing.T) {
	broken := errors.New("device is gone")
	r := io.MultiReader(bytes.NewReader(make([]byte, RecordSize+7)), iotest.ErrReader(broken))
	err := readRecords(r, "tape", newSet(2))
	var input *InputError
	if !errors.Is(err, broken) || errors.As(err, &input) || !strings.Contains(err.Error(), "tape: byte 3080: ") {
		t.Errorf("got %v", err)
	}
}

// TestReadBounded asserts that of a longer file only one extra byte is read, however
// long it is.
func TestReadBounded(t *testing.T) {
	r := &io.LimitedReader{R: endless{}, N: 1 << 40}
	err := readRecords(r, "huge.bin", newSet(2))
	wantInputError(t, err, "huge.bin", "too long: continues at byte 6146, expected 6146 bytes")
	if read := 1<<40 - r.N; read != 2*RecordSize+1 {
		t.Errorf("%d bytes read", read)
	}
}

// FuzzRead: what is read comes back byte for byte, and takes no memory but the buffer.
func FuzzRead(f *testing.F) {
	good := recordsOf(noise(2, 1))
	f.Add(good)
	f.Add(good[:RecordSize])
	f.Add(good[:RecordSize+1])
	f.Add([]byte{})
	f.Add([]byte{10})
	f.Fuzz(func(t *testing.T, data []byte) {
		s := newSet(max(len(data)/RecordSize, 1))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		err := readRecords(bytes.NewReader(data), "fuzz", s)
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; used > 2*chunk*RecordSize {
			t.Errorf("%d bytes allocated for %d", used, len(data))
		}
		if err == nil && !bytes.Equal(recordsOf(s), data) {
			t.Error("accepted data does not come back")
		}
	})
}
