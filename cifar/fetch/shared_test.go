package fetch

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What others plant where a fetch writes is reported and left alone, and so is its
// target.
func TestPlanted(t *testing.T) {
	sample := newSample(t)
	for name, plant := range map[string]func(path, victim string) error{
		"link for the part":                  func(path, victim string) error { return os.Symlink(victim+"/file", path) },
		"link beside the part":               func(path, victim string) error { return os.Symlink("victim/file", path) },
		"link to nothing for the part":       func(path, victim string) error { return os.Symlink("victim/new", path) },
		"second name of a file for the part": func(path, victim string) error { return os.Link(victim+"/file", path) },
		"pipe for the part":                  func(path, victim string) error { return syscall.Mkfifo(path, 0o666) },
		"link for the folder":                func(path, victim string) error { return os.Symlink(victim, path) },
		"link to nothing for the folder":     func(path, victim string) error { return os.Symlink(victim+"/none", path) },
	} {
		t.Run(name, func(t *testing.T) {
			during := strings.HasSuffix(name, "folder") // when the fetch looked, there was none
			var path, victim string
			address, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if during {
					if err := plant(path, victim); err != nil {
						t.Error(err)
					}
				}
				sample.file(w, r)
			})
			s := newScene(t, sample.Archive, address)
			victim = filepath.Join(filepath.Dir(s.dir), "victim")
			if err := errors.Join(os.MkdirAll(victim, 0o777), os.WriteFile(victim+"/file", make([]byte, sample.Size+1), 0o666)); err != nil {
				t.Fatal(err)
			}
			problem := errLink
			path = s.dir
			if !during {
				path, problem = s.Archive.Part(s.dir), errNotPlain
				if err := plant(path, victim); err != nil {
					t.Fatal(err)
				}
			}
			_, err := s.Run(t.Context(), s.dir)
			if want := fmt.Sprintf("open %s: %v; remove it, or give another folder", path, problem); err == nil || err.Error() != want {
				t.Errorf("error %v, want %s", err, want)
			}
			info(t, path)
			if entries, err := os.ReadDir(victim); err != nil || len(entries) != 1 || info(t, victim+"/file").Size() != sample.Size+1 {
				t.Errorf("%v, %v, %d bytes", entries, err, info(t, victim+"/file").Size())
			}
		})
	}
}

// A pipe in place of one of the files is reported, without waiting for a writer.
func TestPipeForFile(t *testing.T) {
	sample := newSample(t)
	s := newScene(t, sample.Archive, "http://127.0.0.1:1")
	if err := errors.Join(os.MkdirAll(s.dir, 0o777), syscall.Mkfifo(filepath.Join(s.dir, "3.bin"), 0o666)); err != nil {
		t.Fatal(err)
	}
	_, err := s.Run(t.Context(), s.dir)
	if want := s.dir + ": 3.bin is not a regular file; remove that file, or give another folder"; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

// The names of the files are flushed to disk before the folder is renamed, and the
// folder's own after that. A file system without support for this is not a failure, a
// failing disk is.
func TestFolderIsSynced(t *testing.T) {
	defer func() { fsync = (*os.File).Sync }()
	sample := newSample(t)
	address, _ := serve(t, sample.file)
	for there, want := range map[bool][]string{false: {"at false", "at true"}, true: {"data false", "data true"}} {
		t.Run(fmt.Sprint("there ", there), func(t *testing.T) {
			s := newScene(t, sample.Archive, address)
			if there {
				if err := os.MkdirAll(s.dir, 0o777); err != nil {
					t.Fatal(err)
				}
			}
			var got []string
			fsync = func(f *os.File) error {
				folder := filepath.Clean(f.Name())
				if entries, err := os.ReadDir(folder); strings.Contains(folder, ".tmp-") && (err != nil || len(entries) != 8) {
					t.Errorf("%s: %v, %v", folder, entries, err)
				}
				whole, _ := sample.present(s.dir)
				folder, _, _ = strings.Cut(folder, "/fetch.tmp-")
				folder, _, _ = strings.Cut(folder, "/data.tmp-")
				got = append(got, fmt.Sprint(filepath.Base(folder), " ", whole))
				return f.Sync()
			}
			_, err := s.Run(t.Context(), s.dir)
			s.wantWhole(t, sample, err)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("synced, and whether all files were there (-want +got):\n%s", diff)
			}
		})
	}
	for errno, want := range map[syscall.Errno]bool{
		syscall.EINVAL: true, syscall.ENOTSUP: true, syscall.ENOSYS: true, // says "not for folders"
		syscall.EIO: false, syscall.ENOSPC: false, syscall.EDQUOT: false, syscall.EROFS: false, syscall.EBADF: false, syscall.EACCES: false,
	} {
		for fail := range 2 {
			s, calls := newScene(t, sample.Archive, address), 0
			fsync = func(f *os.File) error {
				if calls++; calls-1 == fail {
					return &os.PathError{Op: "sync", Path: f.Name(), Err: errno}
				}
				return nil
			}
			if _, err := s.Run(t.Context(), s.dir); errors.Is(err, errno) == want || want && err != nil {
				t.Errorf("%v at call %d: error %v", errno, fail, err)
			}
		}
	}
}

// A link is never accepted as a folder of a fetch, whatever its target.
func TestOpenDir(t *testing.T) {
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if err := errors.Join(root.Mkdir("folder", 0o777), root.Symlink("folder", "near"), root.Symlink("/tmp", "far"), root.Symlink("none", "nowhere")); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"folder": true, "near": false, "far": false, "nowhere": false, "none": false} {
		folder, err := openDir(root, name)
		if (err == nil) != want {
			t.Errorf("%s: error %v", name, err)
		}
		if err == nil {
			folder.Close()
		}
	}
}
