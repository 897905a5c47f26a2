package atomicfile

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// must ends the test at the first error.
func must(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

// files returns the names in a folder.
func files(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	must(t, err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func content(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	must(t, err)
	return string(text)
}

// TestWrite: a file is replaced by Write and stays with WriteNew, others may read
// it, and no other file is left.
func TestWrite(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	for _, v := range []struct {
		write func(string, ...[]byte) error
		parts [][]byte
		want  string
	}{
		{WriteNew, [][]byte{[]byte("first")}, "first"},
		{WriteNew, [][]byte{[]byte("second")}, "first"},
		{Write, [][]byte{[]byte("th"), nil, []byte("ird")}, "third"},
		{Write, nil, ""},
	} {
		must(t, v.write(path, v.parts...))
		if got := content(t, path); got != v.want {
			t.Errorf("%q, want %q", got, v.want)
		}
		if names := files(t, dir); len(names) != 1 {
			t.Errorf("files %v", names)
		}
		if info, err := os.Stat(path); err != nil || info.Mode()&0o444 != 0o444 {
			t.Errorf("mode %v, error %v", info.Mode(), err)
		}
	}
}

// TestWriteChanged: a file that has the content already stays the one that it is.
func TestWriteChanged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	write := func(text string) os.FileInfo {
		t.Helper()
		if err := WriteChanged(path, []byte(text)); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != text {
			t.Errorf("%q, error %v, want %q", got, err, text)
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return info
	}
	first := write("one")
	if !os.SameFile(first, write("one")) {
		t.Error("the same content is written again")
	}
	for _, text := range []string{"two", "on", "ones"} {
		if first = write("one"); os.SameFile(first, write(text)) {
			t.Errorf("%q is not written over \"one\"", text)
		}
	}
}

// TestWriteAtOnce: of many writers at once each leaves its own file whole, and
// of those that write a new one the first wins, though it clears away what the
// others are still writing.
func TestWriteAtOnce(t *testing.T) {
	dir := t.TempDir()
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			text := bytes.Repeat([]byte{byte('a' + i)}, 1<<16)
			for range 10 {
				if err := errors.Join(Write(filepath.Join(dir, "file"), text), WriteNew(filepath.Join(dir, "new"), text), Clear(dir, "new")); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	for _, name := range []string{"file", "new"} {
		text := content(t, filepath.Join(dir, name))
		if text != strings.Repeat(text[:1], 1<<16) {
			t.Errorf("%s is of two writers", name)
		}
	}
	if names := files(t, dir); len(names) != 2 {
		t.Errorf("files %v", names)
	}
}

// TestWriteFails with an error that names the file asked for, and leaves nothing.
func TestWriteFails(t *testing.T) {
	dir := t.TempDir()
	file, folder := filepath.Join(dir, "file"), filepath.Join(dir, "folder")
	must(t, Write(file), MakeDir(folder))
	for _, v := range []struct {
		path string
		want error
	}{
		{filepath.Join(dir, "no", "file"), syscall.ENOENT},
		{filepath.Join(file, "below"), syscall.ENOTDIR},
		{folder, syscall.EISDIR},
	} {
		err := Write(v.path, []byte("text"))
		if !errors.Is(err, v.want) || err.Error() != fmt.Sprintf("%s: %v", v.path, v.want) {
			t.Errorf("%s: error %v, want %v", v.path, err, v.want)
		}
	}
	for _, path := range []string{filepath.Join(dir, "no", "folder"), filepath.Join(file, "folder")} {
		if err := MakeDir(path); err == nil || !strings.HasPrefix(err.Error(), path+": ") {
			t.Errorf("folder %s: error %v", path, err)
		}
	}
	if names := files(t, dir); len(names) != 2 {
		t.Errorf("files %v", names)
	}
}

// TestWriteNewWithoutLinks: a new file can be written where the file system knows no
// links, and stays as it is there too: of writers at once, all find that of the first.
func TestWriteNewWithoutLinks(t *testing.T) {
	defer func() { link, renameOnly = (*os.Root).Link, renameNoReplace }()
	type giveName = func(dir *os.Root, from, to string) error
	cannot := func(reason error) giveName {
		return func(_ *os.Root, from, to string) error {
			return &os.LinkError{Op: "link", Old: from, New: to, Err: reason}
		}
	}
	for _, reason := range []error{syscall.EPERM, syscall.ENOTSUP, syscall.ENOSYS} {
		link = cannot(reason)
		for _, renameOnly = range []giveName{renameNoReplace, cannot(syscall.EINVAL), cannot(syscall.ENOSYS)} {
			dir := t.TempDir()
			path := filepath.Join(dir, "file")
			found := make([]string, 8)
			var all sync.WaitGroup
			for i := range found {
				all.Go(func() {
					if err := WriteNew(path, fmt.Append(nil, i)); err != nil {
						t.Errorf("%v: %v", reason, err)
					}
					found[i] = content(t, path)
				})
			}
			all.Wait()
			if names := files(t, dir); len(names) != 1 || len(slices.Compact(append(found, content(t, path)))) != 1 {
				t.Errorf("%v: files %v, the writers found %v", reason, names, found)
			}
		}
	}
}

// TestFolderIsSynced: a file is flushed to disk before it gets its name, and then the
// name, in its folder.
func TestFolderIsSynced(t *testing.T) {
	var synced []string
	fsync = func(f *os.File) error {
		name := filepath.Clean(f.Name())
		if of, hidden := Hidden(filepath.Base(name)); hidden {
			if info, err := f.Stat(); err != nil || info.Size() == 0 {
				t.Errorf("%s is synced before it is written: %v", of, err)
			}
			name = "." + of
		}
		synced = append(synced, name)
		return f.Sync()
	}
	defer func() { fsync = (*os.File).Sync }()
	t.Chdir(t.TempDir())
	for _, v := range []struct {
		do   func() error
		want string
	}{
		{func() error { return MakeDirs("a/b") }, "[. a]"},
		{func() error { return MakeDirs("a/b") }, "[]"},
		{func() error { return Write("a/b/file", []byte("x")) }, "[.file a/b]"},
		{func() error { return WriteNew("a/new", []byte("x")) }, "[.new a]"},
	} {
		synced = nil
		if err := v.do(); err != nil || fmt.Sprint(synced) != v.want {
			t.Errorf("error %v, synced %v, want %s", err, synced, v.want)
		}
	}
	for _, v := range []struct{ err, want error }{{syscall.EINVAL, nil}, {syscall.ENOTSUP, nil}, {syscall.EIO, syscall.EIO}} {
		fsync = func(f *os.File) error {
			if info, err := f.Stat(); err != nil || !info.IsDir() {
				return err
			}
			return v.err
		}
		if err := Write("file"); !errors.Is(err, v.want) {
			t.Errorf("error %v after %v, want %v", err, v.err, v.want)
		}
	}
	fsync = func(*os.File) error { return syscall.EIO }
	if err := Write("lost"); !errors.Is(err, syscall.EIO) || strings.Contains(fmt.Sprint(files(t, ".")), "lost") {
		t.Errorf("a file that does not reach the disk: error %v, files %v", err, files(t, "."))
	}
}

func TestMakeDirs(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, dir := range []string{"a/b/c", "a/b/c", "a/d", ".", filepath.Join(t.TempDir(), "e", "f")} {
		if err := MakeDirs(dir); err != nil {
			t.Error(err)
		}
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			t.Errorf("%s: %v", dir, err)
		}
	}
	must(t, Write("file"))
	if err := MakeDirs("file/below"); !errors.Is(err, syscall.ENOTDIR) {
		t.Errorf("below a file: %v", err)
	}
}
