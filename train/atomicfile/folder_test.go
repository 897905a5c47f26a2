package atomicfile

import (
	"errors"
	"os"
	"strings"
	"testing"
)

// TestLinkRefused: a link in place of a file, or of its folder, is named, and neither
// read nor written through, nor removed, whatever its target.
func TestLinkRefused(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, os.MkdirAll("away/sub", 0o777), os.WriteFile("away/file", []byte("theirs"), 0o666), os.Mkdir("run", 0o777),
		os.Symlink("../away/file", "run/file"), os.Symlink("../away/none", "run/dangling"), os.Symlink("file", "run/near"),
		os.Symlink("../away", "run/folder"), os.Symlink("../none", "run/gone"))
	ops := map[string]func(path string) error{
		"read":  func(path string) error { _, err := Read(path, 10); return err },
		"head":  func(path string) error { _, err := Head(path, 10); return err },
		"write": func(path string) error { return Write(path, []byte("ours")) },
		"update": func(path string) error {
			return Update(path, 10, func([]byte) ([]byte, error) { return []byte("ours"), nil })
		},
	}
	for name, op := range ops {
		for path, link := range map[string]string{
			"run/file": "run/file", "run/dangling": "run/dangling", "run/near": "run/near",
			"run/folder/file": "run/folder", "run/folder/new": "run/folder", "run/gone/file": "run/gone",
		} {
			if err := op(path); !errors.Is(err, ErrLink) || !strings.HasPrefix(err.Error(), link+": is a link") {
				t.Errorf("%s %s: error %v", name, path, err)
			}
		}
	}
	for name, op := range map[string]func(dir string) error{
		"list": func(dir string) error { _, err := List(dir); return err }, "clear": func(dir string) error { return Clear(dir, "file") }, "writable": Writable,
		"new":    func(dir string) error { return WriteNew(dir+"/new", nil) },
		"create": func(dir string) error { return Create(dir+"/new", nil) },
		"remove": func(dir string) error { return Remove(dir + "/file") }, "aside": func(dir string) error { return SetAside(dir + "/file") },
	} {
		for _, dir := range []string{"run/folder", "run/gone"} {
			if err := op(dir); !errors.Is(err, ErrLink) || !strings.HasPrefix(err.Error(), dir+": is a link") {
				t.Errorf("%s in %s: error %v", name, dir, err)
			}
		}
	}
	if names := append(files(t, "away"), files(t, "run")...); len(names) != 7 || content(t, "away/file") != "theirs" {
		t.Errorf("files %q, %q in theirs", names, content(t, "away/file"))
	}
}

// TestNoLink: between two folders a link is named, be it to a folder, to a file or
// to nothing; the first folder may be one.
func TestNoLink(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, os.MkdirAll("run/search/coarse", 0o777), os.Symlink("run", "link"), os.Symlink("search", "run/near"), os.Symlink("nowhere", "run/search/none"))
	for sub, want := range map[string]string{
		"": "", ".": "", "search": "", "search/coarse": "", "search/fine": "", "new/fine": "",
		"near": "link/near", "near/coarse": "link/near", "search/none": "link/search/none", "search/none/x": "link/search/none",
	} {
		err := NoLink("link", sub)
		if got, _, _ := strings.Cut(errors.Join(err, errors.New("")).Error(), ":"); errors.Is(err, ErrLink) != (want != "") || err != nil && got != want {
			t.Errorf("%s: error %v, want one of %q", sub, err, want)
		}
	}
}

// TestSetAside: a file is renamed, and a missing one is not an error.
func TestSetAside(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, Write("file", []byte("x")), SetAside("file"), SetAside("file"), SetAside("nowhere/file"))
	if names := files(t, "."); len(names) != 1 || content(t, "file.bad") != "x" {
		t.Errorf("files %q", names)
	}
}
