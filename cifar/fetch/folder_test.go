//go:build linux

package fetch

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/sys/unix"
)

// An existing folder is filled, although no rename can replace it; and a stopped fetch
// into it is resumed.
func TestFill(t *testing.T) {
	for name, ready := range map[string]func(t *testing.T, s *scene) (dir string){
		"empty":             func(t *testing.T, s *scene) string { return s.dir },
		"working folder":    func(t *testing.T, s *scene) string { t.Chdir(s.dir); return "." },
		"working folder, 2": func(t *testing.T, s *scene) string { t.Chdir(s.dir); return "../data/" },
		"link": func(t *testing.T, s *scene) string {
			link := filepath.Join(t.TempDir(), "link")
			if err := os.Symlink(s.dir, link); err != nil {
				t.Fatal(err)
			}
			return link
		},
		"mount point": func(t *testing.T, s *scene) string { mount(t, s.dir); return s.dir },
		"below what is read-only": func(t *testing.T, s *scene) string {
			top := filepath.Dir(s.dir)
			mount(t, top)
			if err := os.Mkdir(s.dir, 0o777); err != nil {
				t.Fatal(err)
			}
			mount(t, s.dir)
			if err := unix.Mount("", top, "", unix.MS_REMOUNT|unix.MS_RDONLY, ""); err != nil {
				t.Fatal(err)
			}
			return s.dir
		},
	} {
		t.Run(name, func(t *testing.T) {
			sample := newSample(t)
			var asked []string
			address, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
				asked = append(asked, r.Header.Get("Range"))
				sample.file(w, r)
			})
			s := newScene(t, sample.Archive, address)
			if err := os.MkdirAll(s.dir, 0o777); err != nil {
				t.Fatal(err)
			}
			dir := ready(t, s)
			ctx, cancel := context.WithCancel(t.Context())
			s.Observer = stopAt{1, cancel}
			if _, err := s.Run(ctx, dir); !errors.Is(err, context.Canceled) {
				t.Fatalf("error %v", err)
			}
			if info, err := os.Stat(s.Archive.Part(dir)); err != nil || info.Size() == 0 {
				t.Errorf("nothing is kept: %v", err)
			}
			s.Observer = s
			_, err := s.Run(t.Context(), dir)
			s.wantWhole(t, sample, err)
			if len(asked) > 2 || len(asked) == 2 && asked[1] == "" {
				t.Errorf("asked for %q", asked)
			}
			if there, err := s.Run(t.Context(), dir); err != nil || !there.There {
				t.Errorf("%+v, error %v", there, err)
			}
		})
	}
}

// An archive without a file that may be missing fills a folder too.
func TestOptional(t *testing.T) {
	sample := newSample(t)
	sample.entries = sample.entries[:8]
	sample.bytes = pack(t, sample.entries)
	sample.Size, sample.SHA256 = int64(len(sample.bytes)), sample.sum()
	address, _ := serve(t, sample.file)
	for _, there := range []bool{false, true} {
		s := newScene(t, sample.Archive, address)
		if there {
			if err := os.MkdirAll(s.dir, 0o777); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.Run(t.Context(), s.dir); err != nil || len(s.tree(t)) != 7 {
			t.Errorf("there %v: %v, error %v", there, s.tree(t), err)
		}
	}
}

// A full disk ends the fetch, is named, and no further server is contacted.
func TestFullDisk(t *testing.T) {
	sample := newSample(t)
	address, requests := serve(t, sample.file)
	s := newScene(t, sample.Archive, address, "http://127.0.0.1:1")
	at := filepath.Dir(s.dir)
	if err := os.MkdirAll(at, 0o777); err != nil {
		t.Fatal(err)
	}
	mountWith(t, at, "size=16k")
	s.free = func(string) (int64, error) { return 1 << 40, nil } // filled after it was asked
	_, err := s.Run(t.Context(), s.dir)
	want := "write " + s.Archive.Part(s.dir) + ": no space left on device; make room, or give another folder"
	if err == nil || err.Error() != want || errors.Is(err, ErrCheck) || requests() != 1 {
		t.Errorf("error %v, %d requests; want %s", err, requests(), want)
	}
}

// mount mounts a file system in memory for the time of the test, or skips it.
func mount(t *testing.T, at string) { mountWith(t, at, "size=1m") }

func mountWith(t *testing.T, at, options string) {
	t.Helper()
	if err := unix.Mount("tmpfs", at, "tmpfs", 0, options); err != nil {
		t.Skipf("cannot mount a file system, which takes root: %v", err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(at, 0); err != nil {
			t.Error(err)
		}
	})
}

// If nothing can be written no server is contacted, and the error says what to do.
func TestReadOnly(t *testing.T) {
	sample := newSample(t)
	s := newScene(t, sample.Archive, "http://127.0.0.1:1")
	if err := os.MkdirAll(s.dir, 0o777); err != nil {
		t.Fatal(err)
	}
	mount(t, s.dir)
	if err := unix.Mount("", s.dir, "", unix.MS_REMOUNT|unix.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	const problem = ": read-only file system; allow yourself to write there, or give another folder"
	for dir, failed := range map[string]string{
		s.dir:          "open " + s.Archive.Part(s.dir),
		s.dir + "/a":   "open " + s.Archive.Part(s.dir+"/a"),
		s.dir + "/a/b": "mkdir " + s.dir + "/a",
	} {
		if _, err := s.Run(t.Context(), dir); err == nil || err.Error() != failed+problem || len(s.notes) > 0 {
			t.Errorf("error %v, notes %q, want %s%s", err, s.notes, failed, problem)
		}
	}
}

// An incomplete set is completed, whichever files it has; those stay unchanged, and so
// do files that operating systems put into folders.
func TestHalfDone(t *testing.T) {
	sample := newSample(t)
	address, _ := serve(t, sample.file)
	for _, half := range []int{0b1, 0b11, 0b111, 0b1111, 0b11111, 0b111111, 0b1111111, 0b10, 0b1010100, 0b11000000} {
		s := newScene(t, sample.Archive, address)
		if err := os.MkdirAll(filepath.Join(s.dir, "lost+found"), 0o777); err != nil {
			t.Fatal(err)
		}
		var kept []os.FileInfo
		for i, f := range sample.Files {
			if half>>i&1 == 0 {
				continue
			}
			path := filepath.Join(s.dir, f.Name)
			err := os.WriteFile(path, sample.entries[i+1].data, 0o666)
			info, statErr := os.Stat(path)
			if err = errors.Join(err, statErr); err != nil {
				t.Fatal(err)
			}
			kept = append(kept, info)
		}
		_, err := s.Run(t.Context(), s.dir)
		there, checkErr := sample.present(s.dir)
		if err = errors.Join(err, checkErr); err != nil || !there {
			t.Fatalf("from half %b: all there %v, error %v", half, there, err)
		}
		for _, before := range kept {
			if after, err := os.Stat(filepath.Join(s.dir, before.Name())); err != nil || !os.SameFile(before, after) {
				t.Errorf("from half %b: %s is another file, error %v", half, before.Name(), err)
			}
		}
		var left []string
		entries, _ := os.ReadDir(s.dir)
		for _, e := range entries {
			if !slices.ContainsFunc(sample.Files, func(f File) bool { return f.Name == e.Name() }) {
				left = append(left, e.Name())
			}
		}
		if !slices.Equal(left, []string{"lost+found"}) {
			t.Fatalf("from half %b: %q", half, left)
		}
	}
}
