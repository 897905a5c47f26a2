package fetch

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A fetch removes what a killed one has left, and nothing else that goes by such a
// name: not what it cannot prove to be of a dead fetch of this user on this host.
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
	for name, c := range map[string]struct {
		change func(t *testing.T, left *staging, path string) // after it was left half done
		want   []string                                       // what stays below the folder
		note   string
	}{
		"killed": {func(t *testing.T, left *staging, path string) { left.close() }, nil, ""},
		"at work": {func(t *testing.T, left *staging, path string) { t.Cleanup(left.close) },
			[]string{"batches/0.bin", "batches/6.bin", markFile}, ""},
		"without a mark": {func(t *testing.T, left *staging, path string) {
			left.close()
			must(os.Remove(filepath.Join(path, markFile)))
		}, []string{"batches/0.bin", "batches/6.bin"}, ""},
		"an empty mark, of a file system without locks": {func(t *testing.T, left *staging, path string) {
			left.close()
			must(os.Truncate(filepath.Join(path, markFile), 0))
		}, []string{"batches/0.bin", "batches/6.bin", markFile}, ""},
		"a link for a mark": {func(t *testing.T, left *staging, path string) {
			left.close()
			must(os.Rename(filepath.Join(path, markFile), filepath.Join(path, "m")), os.Symlink("../elsewhere", filepath.Join(path, markFile)))
		}, []string{"batches/0.bin", "batches/6.bin", "m", markFile}, ""},
		"another name": {func(t *testing.T, left *staging, path string) {
			left.close()
			must(os.WriteFile(filepath.Join(path, markFile), fmt.Appendf(nil, markText, "data.tmp-9", 1, here), 0o600))
		}, []string{"batches/0.bin", "batches/6.bin", markFile}, ""},
		"another host": {func(t *testing.T, left *staging, path string) {
			left.close()
			must(os.WriteFile(filepath.Join(path, markFile), fmt.Appendf(nil, markText, left.name, 1, "far\x1b[2J"), 0o600))
		}, []string{"batches/0.bin", "batches/6.bin", markFile}, ` is of a fetch on far\x1b[2J: remove it if that is over`},
		"open to others": {func(t *testing.T, left *staging, path string) {
			left.close()
			must(os.Chmod(path, 0o770))
		}, []string{"batches/0.bin", "batches/6.bin", markFile}, ""},
		"with notes in it": {func(t *testing.T, left *staging, path string) {
			left.close()
			must(os.WriteFile(filepath.Join(path, "notes"), nil, 0o600))
		}, []string{markFile, "notes"}, ""},
		"with notes among the files": {func(t *testing.T, left *staging, path string) {
			left.close()
			must(os.WriteFile(filepath.Join(path, "batches", "notes"), nil, 0o600))
		}, []string{"batches/notes", markFile}, ""},
		"another's": {func(t *testing.T, left *staging, path string) {
			left.close()
			if err := os.Chown(path, 12345, -1); err != nil {
				t.Skipf("cannot give a folder away, which takes root: %v", err)
			}
		}, []string{"batches/0.bin", "batches/6.bin", markFile}, ""},
		"links to other data": {func(t *testing.T, left *staging, path string) {
			left.close()
			must(os.RemoveAll(filepath.Join(path, "batches")), os.Symlink("../elsewhere", filepath.Join(path, "batches")))
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
			c.change(t, left, path)

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

// Neither a folder of the user's nor what is in it is removed for its name.
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
