package fetch

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A fetch removes what a killed one has left, and nothing else with such a name: only
// what is provably of a dead fetch of this user on this host.
func TestLeftovers(t *testing.T) {
	sample := newSample(t)
	a := sample.Archive
	here, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	must := func(errs ...error) {
		t.Helper()
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
	}
	half := []string{"batches/0.bin", "batches/6.bin", markFile}
	write := func(path, format string, args ...any) error {
		return os.WriteFile(path, fmt.Appendf(nil, format, args...), 0o600)
	}
	for name, c := range map[string]struct {
		change func(path, mark string) error // after it was left half done
		want   []string                      // what stays below the folder
		note   string
	}{
		"killed":         {func(path, mark string) error { return nil }, nil, ""},
		"at work":        {func(path, mark string) error { return nil }, half, ""},
		"without a mark": {func(path, mark string) error { return os.Remove(mark) }, half[:2], ""},
		"an empty mark, of a file system without locks": {func(path, mark string) error { return os.Truncate(mark, 0) }, half, ""},
		"a link for a mark": {func(path, mark string) error {
			return errors.Join(os.Rename(mark, path+"/m"), os.Symlink("../elsewhere", mark))
		}, append([]string{"m"}, half...), ""},
		"another name": {func(path, mark string) error { return write(mark, markText, "data.tmp-9", 1, here) }, half, ""},
		"another host": {func(path, mark string) error { return write(mark, markText, filepath.Base(path), 1, "far\x1b[2J") },
			half, ` belongs to a fetch on far\x1b[2J: remove it if that has ended`},
		"open to others":             {func(path, mark string) error { return os.Chmod(path, 0o770) }, half, ""},
		"with notes in it":           {func(path, mark string) error { return write(path+"/notes", "") }, []string{markFile, "notes"}, ""},
		"with notes among the files": {func(path, mark string) error { return write(path+"/batches/notes", "") }, []string{"batches/notes", markFile}, ""},
		"another's":                  {func(path, mark string) error { return os.Chown(path, 12345, -1) }, half, ""},
		"links to other data": {func(path, mark string) error {
			return errors.Join(os.RemoveAll(path+"/batches"), os.Symlink("../elsewhere", path+"/batches"))
		}, []string{"batches", markFile}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			address, _ := serve(t, sample.file)
			s := newScene(t, a, address)
			must(os.MkdirAll(filepath.Dir(s.dir), 0o777))
			w, err := os.OpenRoot(filepath.Dir(s.dir))
			must(err)
			defer w.Close()
			left, err := newStaging(w, filepath.Base(s.dir))
			must(err)
			path, elsewhere := filepath.Join(w.Name(), left.name), filepath.Join(w.Name(), "elsewhere")
			must(left.Mkdir("batches", 0o777), left.WriteFile("batches/0.bin", []byte("half"), 0o666), left.WriteFile("batches/6.bin", nil, 0o666))
			must(os.Mkdir(elsewhere, 0o777), os.WriteFile(filepath.Join(elsewhere, "0.bin"), nil, 0o666))
			if name == "at work" {
				defer left.close()
			} else {
				left.close()
			}
			if err := c.change(path, filepath.Join(path, markFile)); errors.Is(err, fs.ErrPermission) {
				t.Skipf("cannot give a folder away, which takes root: %v", err)
			} else {
				must(err)
			}

			_, err = s.Run(t.Context(), s.dir)
			must(err)
			want := map[string]int64{"at/elsewhere/0.bin": 0}
			for _, name := range c.want {
				want["at/"+left.name+"/"+name] = 0
			}
			for name := range whole() {
				want[name] = 0
			}
			got := s.tree(t)
			for name := range got {
				got[name] = 0
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("files (-want +got):\n%s", diff)
			}
			if _, err := os.Lstat(path); len(c.want) == 0 && err == nil {
				t.Error("the folder is left")
			}
			noted := slices.ContainsFunc(s.notes, func(n string) bool { return strings.Contains(n, ".tmp-") })
			if noted != (c.note != "") || noted && !slices.Contains(s.notes, path+c.note) {
				t.Errorf("notes %q", s.notes)
			}
		})
	}
}

// Neither a user's folder nor its content is removed because of its name.
func TestForeignSibling(t *testing.T) {
	sample := newSample(t)
	address, _ := serve(t, sample.file)
	s := newScene(t, sample.Archive, address)
	mine := s.dir + ".tmp-mine"
	if err := os.MkdirAll(mine, 0o700); err != nil {
		t.Fatal(err)
	}
	long := info(t, filepath.Dir(mine)).ModTime().AddDate(-1, 0, 0)
	if err := errors.Join(os.WriteFile(filepath.Join(mine, "thesis"), nil, 0o666), os.Chtimes(mine, long, long)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Run(t.Context(), s.dir); err != nil {
		t.Fatal(err)
	}
	info(t, filepath.Join(mine, "thesis"))
}

func info(t *testing.T, path string) os.FileInfo {
	t.Helper()
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info
}
