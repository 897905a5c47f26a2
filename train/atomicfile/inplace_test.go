package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// TestCreate: of many one creates a file, and it stays.
func TestCreate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	var all sync.WaitGroup
	var created atomic.Int32
	for range 16 {
		all.Go(func() {
			switch err := Create(path, []byte("text")); {
			case err == nil:
				created.Add(1)
			case !errors.Is(err, fs.ErrExist) || !strings.HasPrefix(err.Error(), path+": "):
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := text(t, path); created.Load() != 1 || got != "text" {
		t.Errorf("created %d times: %q", created.Load(), got)
	}
	if err := os.Symlink(path+".away", path+".link"); err != nil {
		t.Fatal(err)
	}
	if err := Create(path+".link", nil); !errors.Is(err, fs.ErrExist) {
		t.Errorf("through a link: error %v", err)
	}
}

// text returns what a file holds.
func text(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	must(t, err)
	return string(content)
}

// TestUpdate: the start of a file is overwritten with what is made of its first bytes, in
// the file that was read, or it stays; links are not followed.
func TestUpdate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	away, link := path+".away", path+".link"
	if err := errors.Join(os.WriteFile(path, []byte("old text"), 0o666), os.Symlink(path, link)); err != nil {
		t.Fatal(err)
	}
	err := Update(path, 3, func(old []byte) ([]byte, error) {
		if string(old) != "old" {
			t.Errorf("read %q", old)
		}
		return []byte("new"), errors.Join(os.Rename(path, away), os.WriteFile(path, []byte("other"), 0o666))
	})
	if moved, other := text(t, away), text(t, path); err != nil || moved != "new text" || other != "other" {
		t.Errorf("%q, in its place %q, error %v", moved, other, err)
	}
	no := errors.New("no")
	if err := Update(path, 3, func([]byte) ([]byte, error) { return []byte("new"), no }); !errors.Is(err, no) || text(t, path) != "other" {
		t.Errorf("error %v", err)
	}
	if err := Update(link, 3, func([]byte) ([]byte, error) { return []byte("new"), nil }); !errors.Is(err, ErrLink) || text(t, path) != "other" {
		t.Errorf("through a link: error %v", err)
	}
	if err := Update(path+".none", 3, nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: error %v", err)
	}
}
