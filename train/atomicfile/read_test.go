package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// TestRead: a regular file of reasonable length is read; anything else is refused at
// once, and distinguished from a file that the machine cannot read.
func TestRead(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	must(t, os.WriteFile(at("file"), []byte("text"), 0o666), os.WriteFile(at("huge"), nil, 0o666), os.Truncate(at("huge"), 2<<40),
		MakeDir(at("folder")), syscall.Mkfifo(at("pipe"), 0o666), os.Symlink("loop", at("loop")))
	for most, want := range map[int64]string{4: "text", 100: "text"} {
		if got, err := Read(at("file"), most); err != nil || string(got) != want {
			t.Errorf("%q, error %v", got, err)
		}
	}
	if got, err := Head(at("file"), 2); err != nil || string(got) != "te" {
		t.Errorf("%q, error %v", got, err)
	}
	for name, says := range map[string]string{
		"huge": "2199023255552 bytes, too long: expected at most 3", "file": "4 bytes, too long: expected at most 3",
		"folder": "is not a regular file", "pipe": "is not a regular file",
	} {
		if _, err := Read(at(name), 3); !errors.As(err, new(Unfit)) || err.Error() != says {
			t.Errorf("%s: error %v, want %s", name, err, says)
		}
	}
	if _, err := Read(at("none"), 3); !errors.Is(err, fs.ErrNotExist) || errors.As(err, new(*Unread)) {
		t.Errorf("no file: error %v", err)
	}
	for path, reason := range map[string]error{at("loop"): ErrLink, at("file/below"): syscall.ENOTDIR} {
		for _, read := range []func(string, int64) ([]byte, error){Read, Head} {
			if _, err := read(path, 3); !errors.As(err, new(*Unread)) || !errors.Is(err, reason) || !strings.HasPrefix(err.Error(), path+": "+reason.Error()) {
				t.Errorf("error %v, want %v", err, reason)
			}
		}
	}
}

// TestReadNoMemory: a refused file costs no memory.
func TestReadNoMemory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "huge")
	must(t, os.WriteFile(path, nil, 0o666), os.Truncate(path, 1<<30))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	Read(path, 1<<20)
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > 1<<16 {
		t.Errorf("%d bytes", took)
	}
}

// TestList: a missing folder counts as empty; a file in its place, like anything that
// prevents reading it, does not.
func TestList(t *testing.T) {
	dir := t.TempDir()
	must(t, Write(filepath.Join(dir, "file")))
	if names, err := List(dir); err != nil || !slices.Equal(names, []string{"file"}) {
		t.Errorf("%q, error %v", names, err)
	}
	if names, err := List(filepath.Join(dir, "none")); err != nil || names != nil {
		t.Errorf("%q, error %v", names, err)
	}
	if _, err := List(filepath.Join(dir, "file")); !errors.As(err, new(*Unread)) || !errors.Is(err, syscall.ENOTDIR) {
		t.Errorf("a file: error %v", err)
	}
}

// TestClear: what killed writers of the files have left is removed, and nothing else.
func TestClear(t *testing.T) {
	t.Chdir(t.TempDir())
	stay := []string{".12", ".net", ".net.0123456789abcdef.tmp2", ".net.1", ".net.x1", ".network12345678901", "12", "net", "net.0123456789abcdef.tmp", "net12345678901"}
	for _, name := range append([]string{".net.0123456789abcdef.tmp", ".net8123456789012345678", ".other58765432109"}, stay...) {
		must(t, os.WriteFile(name, nil, 0o666))
	}
	for _, dir := range []string{".", "nowhere"} {
		if err := Clear(dir, "net", "other"); err != nil {
			t.Error(err)
		}
	}
	if got := files(t, "."); !slices.Equal(got, stay) {
		t.Errorf("left %q, want %q", got, stay)
	}
}
