package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// TestRestart: a file begins anew if it may, links are refused, and what takes its name
// meanwhile is not written to.
func TestRestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "curve")
	yes, no := func() bool { return true }, func() bool { return false }
	content := func(path string) string {
		text, _ := os.ReadFile(path)
		return string(text)
	}
	for range 2 {
		file, err := Restart(path, yes)
		if err != nil {
			t.Fatal(err)
		}
		file.WriteString("one\n")
		if content(path) != "one\n" {
			t.Errorf("%q", content(path))
		}
		file.WriteString("two\n")
		file.Close()
	}
	if _, err := Restart(path, no); !errors.Is(err, fs.ErrExist) || content(path) != "one\ntwo\n" {
		t.Errorf("error %v, %q", err, content(path))
	}
	file, err := Restart(path, func() bool {
		if err := Write(path, []byte("another's")); err != nil {
			t.Error(err)
		}
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	file.WriteString("mine")
	file.Close()
	if content(path) != "another's" {
		t.Errorf("%q", content(path))
	}
	other := path + ".link"
	if err := os.Symlink(path, other); err != nil {
		t.Fatal(err)
	}
	if _, err := Restart(other, yes); !errors.As(err, new(Unfit)) || content(path) != "another's" {
		t.Errorf("error %v, %q", err, content(path))
	}
}
