package atomicfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// TestReal: links are followed, relative ones from their location, in chains, to
// folders too, and to what does not exist yet.
func TestReal(t *testing.T) {
	at, err := filepath.EvalSymlinks(t.TempDir())
	must(t, err)
	t.Chdir(at)
	must(t, os.MkdirAll("a/b", 0o777), os.Mkdir("c", 0o777), os.WriteFile("a/file", nil, 0o666),
		os.Symlink("a/file", "relative"), os.Symlink(at+"/a/file", "absolute"), os.Symlink("relative", "chain"), os.Symlink("new", "dangling"),
		os.Symlink("../a/b", "c/folder"), os.Symlink("nowhere/x", "far"), os.Symlink("loop2", "loop1"), os.Symlink("loop1", "loop2"))
	for path, want := range map[string]string{
		"": ".", ".": ".", "/": "/", "file": "file", "./a//file": "a/file", "relative": "a/file", "absolute": at + "/a/file", "chain": "a/file",
		"dangling": "new", "c/folder": "a/b", "c/folder/": "a/b", "c/folder/new": "a/b/new", "c/folder/../file": "a/file", "c/folder/..": "a",
		"far": "nowhere/x", "far/y": "nowhere/x/y", "..": "..", "../x": "../x", "a/b/../..": ".",
	} {
		if got, err := Real(path); err != nil || got != want {
			t.Errorf("%q leads to %q, error %v; want %q", path, got, err, want)
		}
	}
	for _, path := range []string{"loop1", "loop1/x"} {
		if got, err := Real(path); !errors.Is(err, syscall.ELOOP) || !strings.HasPrefix(err.Error(), path+": ") {
			t.Errorf("%s leads to %q, error %v", path, got, err)
		}
	}
}

// TestOutputThroughLinks: an output to a link goes to its target, the link stays, and
// the hidden file is in the folder of the target.
func TestOutputThroughLinks(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, os.Mkdir("far", 0o777), os.WriteFile("far/old", []byte("old"), 0o640), os.Symlink("far", "folder"))
	for name, to := range map[string]string{"relative": "far/old", "chain": "relative", "dangling": "far/new", "beyond": "folder/new"} {
		must(t, os.Symlink(to, name))
	}
	for _, path := range []string{"relative", "chain", "dangling", "beyond", "folder/plain", "far/old"} {
		o, err := Locate(path, nil)
		if err != nil || o.Stream() || filepath.Dir(o.File) != "far" {
			t.Errorf("%s: %+v, error %v", path, o, err)
		}
		before, _ := os.Lstat(path)
		if err := o.Write([]byte("of "), []byte(path)); err != nil || content(t, path) != "of "+path {
			t.Errorf("%s: %q, error %v", path, content(t, path), err)
		}
		if after, err := os.Lstat(path); err != nil || before != nil && before.Mode() != after.Mode() {
			t.Errorf("%s: %v, before %v", path, after, before)
		}
	}
	if names := append(files(t, "."), files(t, "far")...); len(names) != 9 {
		t.Errorf("files %q", names)
	}
}

// TestOutputStraight: anything but a file is written to directly, and stays.
func TestOutputStraight(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, syscall.Mkfifo("pipe", 0o666), os.Symlink("pipe", "link"), os.Symlink(os.DevNull, "null"))
	for _, path := range []string{"pipe", "link"} {
		read := make(chan string)
		go func() {
			got, err := os.ReadFile("pipe")
			if err != nil {
				got = []byte(err.Error())
			}
			read <- string(got)
		}()
		o, err := Locate(path, nil)
		if err != nil || !o.Stream() {
			t.Fatalf("%s: %+v, error %v", path, o, err)
		}
		must(t, o.Write([]byte("a"), []byte("b")))
		if got := <-read; got != "ab" {
			t.Errorf("%s: read %q", path, got)
		}
	}
	null, err := Locate("null", nil)
	if err != nil || !null.Stream() || null.Stdout {
		t.Fatalf("%+v, error %v", null, err)
	}
	must(t, null.Write([]byte("x")))
	for name, mode := range map[string]fs.FileMode{"pipe": fs.ModeNamedPipe, "link": fs.ModeSymlink, "null": fs.ModeSymlink} {
		if info, err := os.Lstat(name); err != nil || info.Mode().Type() != mode {
			t.Errorf("%s: %v, error %v", name, info, err)
		}
	}
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode()&fs.ModeCharDevice == 0 {
		t.Errorf("%s: %v, error %v", os.DevNull, info, err)
	}
}

// TestOutputOpen: an already open file is appended to at its offset, under any of its
// names; one open for reading, or not open at all, is refused.
func TestOutputOpen(t *testing.T) {
	if _, err := os.Stat("/proc/self/fd"); err != nil {
		t.Skip(err)
	}
	t.Chdir(t.TempDir())
	f, err := os.Create("file")
	must(t, err)
	defer f.Close()
	fd := strconv.Itoa(int(f.Fd()))
	must(t, os.Symlink("/proc/self/fd/"+fd, "link"))
	want := ""
	for _, path := range []string{"/dev/fd/" + fd, "/proc/self/fd/" + fd, "/proc/thread-self/fd/" + fd, "/proc/" + strconv.Itoa(os.Getpid()) + "/fd/" + fd, "link"} {
		o, err := Locate(path, nil)
		if err != nil || !o.Stream() {
			t.Fatalf("%s: %+v, error %v", path, o, err)
		}
		must(t, o.Write([]byte(path)))
		_, err = f.WriteString(";")
		must(t, err)
		want += path + ";"
	}
	if got := content(t, "file"); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	read, err := os.Open("file")
	must(t, err)
	for _, path := range []string{"/dev/fd/" + strconv.Itoa(int(read.Fd())), "/dev/fd/99999", "/proc/1/fd/99999"} {
		if o, err := Locate(path, nil); err == nil {
			t.Errorf("%s: %+v", path, o)
		}
	}
	read.Close()
}

// TestOutputOpenElsewhere: a file that another process has open is appended to.
func TestOutputOpenElsewhere(t *testing.T) {
	if _, err := os.Stat("/proc/self/fd"); err != nil {
		t.Skip(err)
	}
	f, err := os.Create(filepath.Join(t.TempDir(), "file"))
	must(t, err)
	defer f.Close()
	cmd := exec.Command("cat")
	cmd.Stdout = f
	wait, err := cmd.StdinPipe()
	must(t, err, cmd.Start())
	_, err = f.WriteString("theirs,")
	must(t, err)
	o, err := Locate(fmt.Sprintf("/proc/%d/fd/1", cmd.Process.Pid), nil)
	must(t, err, o.Write([]byte("ours")), wait.Close(), cmd.Wait())
	if got := content(t, f.Name()); got != "theirs,ours" || !o.Stream() || o.Stdout {
		t.Errorf("%q by %+v", got, o)
	}
}

// TestOutputStdout: standard output is recognised under all its names.
func TestOutputStdout(t *testing.T) {
	var out bytes.Buffer
	for _, path := range []string{Stdout, "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"} {
		o, err := Locate(path, &out)
		if err != nil || !o.Stdout || !o.Stream() {
			t.Fatalf("%s: %+v, error %v", path, o, err)
		}
		must(t, o.Write([]byte(path+";")))
	}
	if want := "-;/dev/stdout;/dev/fd/1;/proc/self/fd/1;"; out.String() != want {
		t.Errorf("%q, want %q", &out, want)
	}
	must(t, syscall.Mkfifo(filepath.Join(t.TempDir(), "pipe"), 0o666))
	read, write, err := os.Pipe()
	must(t, err)
	defer read.Close()
	defer write.Close()
	if o, err := Locate("/dev/fd/"+strconv.Itoa(int(write.Fd())), write); err != nil || !o.Stdout {
		t.Errorf("the same pipe: %+v, error %v", o, err)
	}
	if o, err := Locate("./-", write); err != nil || o.Stdout || o.File != "-" {
		t.Errorf("a file called -: %+v, error %v", o, err)
	}
}

// TestOutputRefused says why nothing can be written somewhere.
func TestOutputRefused(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, os.Mkdir("folder", 0o777), os.Symlink("folder", "link"), os.Symlink("loop", "loop"), os.Symlink("nowhere/x", "dangling"), os.WriteFile("file", nil, 0o666))
	socket, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	must(t, err, syscall.Bind(socket, &syscall.SockaddrUnix{Name: "socket"}))
	defer syscall.Close(socket)
	for path, says := range map[string]string{
		"folder": "is a folder", "folder/": "is a folder", "link": "is a folder", "/": "is a folder", ".": "is a folder", "new/": "ends like a folder name",
		"loop": "loop", "loop/x": "loop", "nowhere/x": "no folder nowhere; make it", "dangling": "no folder nowhere; make it", "file/x": "no folder file; make it",
		"socket": "is a socket", strings.Repeat("x", 256): "name is too long",
	} {
		if o, err := Locate(path, nil); !errors.As(err, new(Unfit)) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %+v, error %v, want %s", path, o, err, says)
		}
	}
}

// TestOutputSame: the same place is recognised under all its names, whether it exists
// or not.
func TestOutputSame(t *testing.T) {
	at := t.TempDir()
	t.Chdir(at)
	must(t, os.Mkdir("far", 0o777), os.WriteFile("file", nil, 0o666), os.Link("file", "hard"), os.Symlink("file", "soft"), os.Symlink("far", "folder"),
		os.Symlink("far/new", "dangling"), os.WriteFile("other", nil, 0o666), os.Symlink(os.DevNull, "null"))
	for _, v := range []struct {
		a, b string
		want bool
	}{
		{"file", "./file", true}, {"file", at + "/file", true}, {"file", "hard", true}, {"file", "soft", true}, {"soft", "hard", true}, {"file", "other", false},
		{"new", "./new", true}, {"new", at + "/new", true}, {"far/new", "folder/new", true}, {"far/new", "dangling", true}, {"new", "far/new", false}, {"new", "file", false},
		{"-", "/dev/stdout", true}, {"-", "file", false}, {"-", "new", false}, {"null", os.DevNull, false},
	} {
		a, err := Locate(v.a, io.Discard)
		b, again := Locate(v.b, io.Discard)
		must(t, err, again)
		if a.Same(b) != v.want || b.Same(a) != v.want {
			t.Errorf("%s and %s: %v and %v, want %v", v.a, v.b, a.Same(b), b.Same(a), v.want)
		}
	}
	for dir, want := range map[string]bool{"new": true, "new/": true, "./new/a/b": true, at + "/new": true, "": false, ".": false, "far": false, "far/new": false} {
		o, err := Locate("new", nil)
		must(t, err)
		if o.Above(dir) != want {
			t.Errorf("a file in the way of the folder %q: %v, want %v", dir, o.Above(dir), want)
		}
	}
	if (Output{}).Same(Output{}) {
		t.Error("no place is the same as none")
	}
	soft, err := Locate("soft", nil)
	must(t, err)
	overwrites := func(o Output, files ...string) string {
		file, by := Overwritten(slices.Values(files), Output{}, o)
		if file != "" && by.Path != o.Path {
			t.Errorf("%s is overwritten by %q, not %q", file, by.Path, o.Path)
		}
		return file
	}
	if got := overwrites(soft, "", "nowhere", "other", "hard", "file"); got != "hard" {
		t.Errorf("overwrites %q", got)
	}
	add, err := os.OpenFile("file", os.O_WRONLY|os.O_APPEND, 0)
	must(t, err)
	defer add.Close()
	stdout, err := Locate(Stdout, add)
	must(t, err)
	if got := overwrites(stdout, "other", "file"); got != "file" || !soft.Same(stdout) {
		t.Errorf("standard output adds to %q", got)
	}
	null, err := Locate(os.DevNull, nil)
	must(t, err)
	if got := overwrites(null, "null"); got != "" {
		t.Errorf("a device is overwritten: %q", got)
	}
}

// TestOpenFirst: what is already open is written to through its descriptor, even 0.
func TestOpenFirst(t *testing.T) {
	to, err := Output{Path: "/dev/fd/0", fd: 0}.open()
	must(t, err)
	defer to.Close()
	if !same(statOf(to), statOf(os.Stdin)) {
		t.Error("another file is open")
	}
}
