package atomicfile

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// umask sets the umask for the time of the test.
func umask(t *testing.T, mask int) {
	old := syscall.Umask(mask)
	t.Cleanup(func() { syscall.Umask(old) })
}

// TestModes: new files and folders have the mode that the umask leaves, a replaced file
// keeps its own, and a folder that passes on its group does so.
func TestModes(t *testing.T) {
	for mask, want := range map[int][2]fs.FileMode{0o002: {0o664, 0o775}, 0o022: {0o644, 0o755}, 0o077: {0o600, 0o700}, 0: {0o666, 0o777}} {
		t.Chdir(t.TempDir())
		umask(t, mask)
		must(t, Write("written"), WriteNew("new"), MakeDirs("folder/below"), syscall.Mkfifo("pipe", 0o600), Write("pipe"))
		for name, mode := range map[string]fs.FileMode{"written": want[0], "new": want[0], "pipe": want[0], "folder": want[1], "folder/below": want[1]} {
			if info, err := os.Stat(name); err != nil || info.Mode().Perm() != mode {
				t.Errorf("umask %03o: %s has %v, error %v, want %v", mask, name, info.Mode(), err, mode)
			}
		}
		for _, mode := range []fs.FileMode{0o600, 0o640, 0o666, 0o444, 0o755} {
			must(t, os.Chmod("written", mode), Write("written", []byte("again")))
			if info, err := os.Stat("written"); err != nil || info.Mode().Perm() != mode {
				t.Errorf("umask %03o: replaced, it has %v, error %v, want %v", mask, info.Mode(), err, mode)
			}
		}
	}
}

// group returns the group of a file.
func group(t *testing.T, path string) uint32 {
	t.Helper()
	info, err := os.Stat(path)
	must(t, err)
	return info.Sys().(*syscall.Stat_t).Gid
}

// TestGroups: in a folder that passes on its group everything new has that group, and a
// replaced file keeps owner and group, as far as the user may.
func TestGroups(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("needs root, to give a file another group")
	}
	t.Chdir(t.TempDir())
	umask(t, 0o002)
	const shared = 12345
	must(t, os.Mkdir("shared", 0o777), os.Chown("shared", -1, shared), os.Chmod("shared", 0o775|fs.ModeSetgid))
	must(t, MakeDirs("shared/a/b"), Write("shared/a/b/file"), WriteNew("shared/a/new"))
	for _, name := range []string{"shared/a", "shared/a/b", "shared/a/b/file", "shared/a/new"} {
		if got := group(t, name); got != shared {
			t.Errorf("%s is of group %d", name, got)
		}
	}
	if info, _ := os.Stat("shared/a/b"); info.Mode()&fs.ModeSetgid == 0 {
		t.Errorf("%v does not hand on its group", info.Mode())
	}
	must(t, Write("file"), os.Chown("file", 54321, shared), os.Chmod("file", 0o640), Write("file", []byte("again")))
	info, err := os.Stat("file")
	must(t, err)
	if is := info.Sys().(*syscall.Stat_t); is.Uid != 54321 || is.Gid != shared || info.Mode().Perm() != 0o640 {
		t.Errorf("replaced, it is of %d:%d, %v", is.Uid, is.Gid, info.Mode())
	}
}

// writeAs has another user write the file path, by this program in a process of its
// own.
func writeAs(t *testing.T, id uint32, path string, groups ...uint32) {
	t.Helper()
	exe, err := os.Executable()
	must(t, err)
	program, err := os.ReadFile(exe)
	copied := filepath.Join(t.TempDir(), "disk.test") // where all may read it
	must(t, err, os.WriteFile(copied, program, 0o755), os.Chmod(filepath.Dir(filepath.Dir(copied)), 0o755))
	cmd := exec.Command(copied, "-test.run=^TestWriteForAnother$")
	cmd.Dir, cmd.Env = "/", append(os.Environ(), pathKey+"="+path)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: id, Gid: id, Groups: groups}}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

const pathKey = "BNLAB_TEST_WRITE"

// TestWriteForAnother is what writeAs runs.
func TestWriteForAnother(t *testing.T) {
	if path := os.Getenv(pathKey); path != "" {
		must(t, Write(path, []byte("again")))
	}
}

// TestGroupLost: a user in a file's group keeps that group, and one outside it gives
// its permissions to no other group.
func TestGroupLost(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("needs root, to become somebody else")
	}
	umask(t, 0o002)
	dir := t.TempDir()
	must(t, os.Chmod(filepath.Dir(dir), 0o755), os.Chmod(dir, 0o777))
	for mode, want := range map[fs.FileMode]fs.FileMode{0o664: 0o644, 0o640: 0o600, 0o666: 0o666, 0o770: 0o700} {
		path := filepath.Join(dir, mode.String())
		must(t, os.WriteFile(path, nil, 0o600), os.Chown(path, 0, 12345), os.Chmod(path, mode))
		writeAs(t, 54321, path)
		if info, err := os.Stat(path); err != nil || info.Mode() != want || group(t, path) != 54321 {
			t.Errorf("%v is now %v, of group %d, error %v; want %v", mode, info.Mode(), group(t, path), err, want)
		}
		must(t, os.Chown(path, 0, 12345), os.Chmod(path, mode))
		writeAs(t, 54321, path, 12345)
		if info, err := os.Stat(path); err != nil || info.Mode() != mode || group(t, path) != 12345 {
			t.Errorf("%v of the user's group is now %v, of group %d, error %v", mode, info.Mode(), group(t, path), err)
		}
	}
}
