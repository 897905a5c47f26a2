package cifar

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// Errors of a file that say that it does not exist are about the input; all others are
// this machine's.
func TestFileError(t *testing.T) {
	for errno, want := range map[syscall.Errno]string{
		syscall.ENOENT:       "cannot open: no such file or directory; ask",
		syscall.ENOTDIR:      "cannot open: not a directory; ask",
		syscall.ELOOP:        "cannot open: too many levels of symbolic links; ask",
		syscall.ENAMETOOLONG: "cannot open: file name too long; ask",
		syscall.EACCES:       "permission denied",
		syscall.EPERM:        "operation not permitted",
		syscall.EMFILE:       "too many open files",
		syscall.EIO:          "input/output error",
	} {
		err := FileError("a/b", "ask", &fs.PathError{Op: "open", Path: "a/b", Err: errno})
		if input := errors.As(err, new(*InputError)); err.Error() != "a/b: "+want || input != strings.HasSuffix(want, "; ask") {
			t.Errorf("%v, about the input: %v; want a/b: %s", err, input, want)
		}
	}
}

// A failure of this machine is not blamed on the data, in any format, and `data verify`
// does not call the files altered.
func TestMachineFails(t *testing.T) {
	check := func(path, want string) {
		t.Helper()
		_, loadErr := Load(path)
		_, verifyErr := Verify(path)
		for _, err := range []error{loadErr, verifyErr} {
			if err == nil || errors.As(err, new(*InputError)) || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), path) {
				t.Errorf("error %v, want %s: … %s", err, path, want)
			}
		}
	}
	const failing = "/proc/self/mem" // a file whose first byte cannot be read
	if _, err := os.ReadFile(failing); !errors.Is(err, syscall.EIO) {
		t.Skipf("no file here that cannot be read: %v", err)
	}
	records, pickles := zeroFolder(t), t.TempDir()
	archive := filepath.Join(pickles, "some.tar.gz")
	for _, path := range []string{filepath.Join(records, files[2].name), filepath.Join(pickles, formats[1].name(0)), archive} {
		os.Remove(path)
		if err := os.Symlink(failing, path); err != nil {
			t.Fatal(err)
		}
	}
	const failed = "input/output error"
	check(records, "byte 0: "+failed)
	check(pickles, "byte 0: "+failed)
	check(archive, failed)

	whole := zeroFolder(t)
	defer fewFiles(t)()
	check(whole, "too many open files")
}

// fewFiles lets the process open no further file until the function returned is called.
func fewFiles(t *testing.T) func() {
	t.Helper()
	var old syscall.Rlimit
	err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &old)
	few := old
	few.Cur = 3
	if err = errors.Join(err, syscall.Setrlimit(syscall.RLIMIT_NOFILE, &few)); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &old); err != nil {
			t.Error(err)
		}
	}
}
