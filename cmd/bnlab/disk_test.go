//go:build linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// tinyStudy are the command and the flags of a study of 4 trials in 2 units.
const tinyStudy = "compare --quiet --workers 1 --dataset synthetic --val 100 --ns 40 --cycles 1 --batch 20 --evals 4 --eval-train 100 --depth 2 --seeds 2 --fuse 2 --out "

// fails runs the program, which must end with exit code 1 and one line on stderr
// that has text in it.
func fails(t *testing.T, cmd *exec.Cmd, stderr fmt.Stringer, text string) {
	t.Helper()
	cmd.Run()
	if cmd.ProcessState.ExitCode() != exitFailed || !strings.Contains(lastLine(stderr), text) {
		t.Errorf("exit %d, want 1 and one line with %q:\n%s", cmd.ProcessState.ExitCode(), text, stderr)
	}
}

// lastLine returns the only line, apart from warnings that there is no checkpoint
// and the training continues.
func lastLine(stderr fmt.Stringer) string {
	var rest []string
	for _, line := range strings.Split(strings.TrimSpace(stderr.String()), "\n") {
		if !strings.HasPrefix(line, "WARNING: no checkpoint") {
			rest = append(rest, line)
		}
	}
	if len(rest) != 1 {
		return fmt.Sprintf("%d lines", len(rest))
	}
	return rest[0]
}

// TestDisk: where a study cannot write it says so in one line, leaves nothing
// that counts as done, and completes once it can, with the records of a study
// that was never disturbed.
func TestDisk(t *testing.T) {
	cleanEnv(t)
	calm := filepath.Join(t.TempDir(), "calm")
	complete(t, tinyStudy+calm)
	whole := func(t *testing.T, dir string) {
		t.Helper()
		complete(t, tinyStudy+dir)
		if diff := cmp.Diff(records(t, calm), records(t, dir)); diff != "" {
			t.Errorf("records undisturbed − disturbed +\n%s", diff)
		}
	}

	t.Run("full", func(t *testing.T) {
		at := tmpfs(t, "size=4k")
		failed := 0
		for _, size := range []string{"4k", "12k", "20k", "28k", "36k", "64k", "700k", "1500k"} {
			remount(t, at, "size="+size)
			cmd, _, stderr := process(t, tinyStudy+filepath.Join(at, "run"))
			if cmd.Run(); cmd.ProcessState.Success() {
				break // what is missing is less each time
			}
			failed++
			text := lastLine(stderr)
			if cmd.ProcessState.ExitCode() != exitFailed || !strings.HasSuffix(text, "no space left on device; free some space, then run the same command again") {
				t.Errorf("%s: exit %d: %s", size, cmd.ProcessState.ExitCode(), stderr)
			}
		}
		if failed < 2 {
			t.Errorf("only %d sizes were too small: this test looks at little", failed)
		}
		remount(t, at, "size=50m")
		whole(t, filepath.Join(at, "run"))
	})

	t.Run("read-only", func(t *testing.T) {
		at := tmpfs(t, "size=50m")
		dir := filepath.Join(at, "run")
		complete(t, strings.Replace(tinyStudy, "--depth 2", "--depth 2 --seed 1", 1)+dir) // the plan
		for _, trial := range []string{"2-layer-seed1", "2-layer-bn-seed1"} {
			if err := os.RemoveAll(filepath.Join(dir, "trials", trial)); err != nil {
				t.Fatal(err)
			}
		}
		remount(t, at, "ro")
		cmd, _, stderr := process(t, tinyStudy+dir)
		fails(t, cmd, stderr, "read-only file system")
		remount(t, at, "rw")
		if err := os.Mkdir(filepath.Join(dir, "trials", "2-layer-bn-seed1"), 0o777); err != nil {
			t.Fatal(err)
		}
		remount(t, at, "ro")
		cmd, _, stderr = process(t, tinyStudy+dir)
		fails(t, cmd, stderr, "read-only file system")
		if strings.Contains(stderr.String(), "WARNING") {
			t.Errorf("it has trained for nothing: %s", stderr)
		}
		cmd, _, stderr = process(t, tinyStudy+filepath.Join(at, "other"))
		fails(t, cmd, stderr, "read-only file system")
		remount(t, at, "rw")
		whole(t, dir)
	})

	t.Run("vanished", func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "run")
		cmd, _, stderr := process(t, strings.Replace(tinyStudy, "--ns 40", "--ns 400", 1)+dir)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
			if checkpoints(dir) > 0 { // it trains
				break
			}
			if time.Now().After(deadline) {
				t.Fatal("no checkpoint")
			}
		}
		if err := os.Rename(dir, dir+".away"); err != nil {
			t.Fatal(err)
		}
		cmd.Wait()
		if cmd.ProcessState.ExitCode() != exitFailed || !strings.Contains(lastLine(stderr), "no such file or directory") {
			t.Errorf("exit %d: %s", cmd.ProcessState.ExitCode(), stderr)
		}
		if n := countResults(dir); n != 0 {
			t.Errorf("%d results in a folder that was gone", n)
		}
	})

	t.Run("no permission", func(t *testing.T) {
		if os.Getuid() != 0 {
			t.Skip("needs root, to become somebody else")
		}
		dir := t.TempDir()
		open(t, dir)
		exe, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		binary := filepath.Join(dir, "bnlab") // where nobody may read it
		if out, err := exec.Command("cp", exe, binary).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		cmd, _, stderr := process(t, tinyStudy+filepath.Join(dir, "run"))
		cmd.Path = binary
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		fails(t, cmd, stderr, "permission denied")
	})

	t.Run("few files", func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "run")
		bash, err := exec.LookPath("bash")
		if err != nil {
			t.Skip("needs bash, to start a program by another name")
		}
		for _, most := range []int{8, 9, 10, 12} { // with 7 no Go program starts
			cmd, _, stderr := process(t, tinyStudy+dir)
			cmd.Args = append([]string{"bash", "-c", fmt.Sprintf("ulimit -n %d; exec -a bnlab \"$0\" \"$@\"", most), cmd.Path}, cmd.Args[1:]...)
			cmd.Path = bash
			cmd.Run()
			if code := cmd.ProcessState.ExitCode(); code != exitDone &&
				(code != exitFailed || !strings.Contains(lastLine(stderr), "too many open files")) {
				t.Errorf("%d files: exit %d: %s", most, code, stderr)
			}
		}
		whole(t, dir)
	})
}

// open lets everybody pass through the folders that lead to dir.
func open(t *testing.T, dir string) {
	t.Helper()
	for ; dir != "/" && dir != os.TempDir(); dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

// tmpfs mounts a file system in memory for the time of the test, or skips it.
func tmpfs(t *testing.T, options string) string {
	t.Helper()
	at := t.TempDir()
	if err := syscall.Mount("tmpfs", at, "tmpfs", 0, options); err != nil {
		t.Skipf("cannot mount a file system, which takes root: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(at, 0); err != nil {
			t.Error(err)
		}
	})
	return at
}

// remount changes the options of a mounted tmpfs.
func remount(t *testing.T, at, options string) {
	t.Helper()
	flags := uintptr(syscall.MS_REMOUNT)
	switch options {
	case "ro":
		flags, options = flags|syscall.MS_RDONLY, ""
	case "rw":
		options = ""
	}
	if err := syscall.Mount("tmpfs", at, "tmpfs", flags, options); err != nil {
		t.Fatal(err)
	}
}
