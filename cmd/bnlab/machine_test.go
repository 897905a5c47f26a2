package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"bnlab/train/message"
)

// TestMachineRefuses: where the machine refuses a file, that is not taken for a
// fault of the file, and the message says what can be done. The command line is
// right: exit code 1.
func TestMachineRefuses(t *testing.T) {
	cleanEnv(t)
	dir := t.TempDir()
	t.Chdir(dir)
	put(t, "tiny.yaml", []byte("dataset: synthetic\n"+fewSteps))
	want(t, exitDone, "train", "--config", "tiny.yaml", "--quiet", "--save", "m.safetensors")
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &before); err != nil {
		t.Fatal(err)
	}
	none := before
	none.Cur = 0
	for command, name := range map[string]string{
		"eval m.safetensors": "m.safetensors", "train --config tiny.yaml": "--config tiny.yaml", "predict m.safetensors tiny.yaml": "m.safetensors",
	} {
		if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &none); err != nil {
			t.Fatal(err)
		}
		r := call(t.Context(), strings.Fields(command)...)
		if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &before); err != nil {
			t.Fatal(err)
		}
		want := "bnlab: " + name + ": too many open files; allow this process more open files (ulimit -n 1024)\n"
		if r.code != exitFailed || r.stderr != want {
			t.Errorf("%s: exit code %d, %q, want %q", command, r.code, r.stderr, want)
		}
	}
	cmd := shellCommand(t, "ulimit -f 1; trap '' XFSZ; exec bnlab train --quiet --config tiny.yaml --save n.safetensors")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	saves := "bnlab: --save n.safetensors: file too large; raise the file size limit (ulimit -f), then run the same command again\n"
	if cmd.ProcessState.ExitCode() != exitFailed || !strings.HasSuffix(stderr.String(), saves) || !strings.Contains(string(out), " test ") {
		t.Errorf("%v, stderr %q, stdout %q", err, &stderr, out)
	}
}

// TestNoPermission: a folder that a plain user may not write into shows before the
// training, and a file that may not be read is told apart from a bad one.
func TestNoPermission(t *testing.T) {
	cleanEnv(t)
	dir := t.TempDir()
	put(t, filepath.Join(dir, "closed", "net.safetensors"), []byte("x"))
	for path, mode := range map[string]os.FileMode{"closed/net.safetensors": 0o000, "closed": 0o555} {
		if err := os.Chmod(filepath.Join(dir, path), mode); err != nil {
			t.Fatal(err)
		}
	}
	const right = "permission denied; change its permissions (chmod, chown), or use another place\n"
	for args, want := range map[string]string{
		"train --dataset synthetic --save closed/m.safetensors": "bnlab: --save closed/m.safetensors: folder closed: " + right,
		"eval closed/net.safetensors":                           "bnlab: closed/net.safetensors: " + right,
	} {
		cmd := asUser(t, args)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if cmd.ProcessState.ExitCode() != exitFailed || string(out) != want {
			t.Errorf("%s: %v: %s", args, err, out)
		}
	}
}

// asUser returns a call of the program by a user without privileges, who may enter
// the test's folders.
func asUser(t *testing.T, args string) *exec.Cmd {
	t.Helper()
	cmd := shellCommand(t, "exec bnlab "+args)
	if os.Geteuid() != 0 {
		return cmd
	}
	bin := t.TempDir()
	if err := os.Chmod(filepath.Dir(bin), 0o755); err != nil {
		t.Fatal(err)
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(exe)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(bin, "bnlab"), program, 0o755); err != nil {
		t.Fatal(err)
	}
	cmd.Env = append(cmd.Env, "PATH="+bin+":"+os.Getenv("PATH"))
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	return cmd
}

// What a terminal would obey is shown instead.
func TestVisible(t *testing.T) {
	for text, want := range map[string]string{
		"a  b":          "a  b",
		`"it's" \ η ≥`:  `"it's" \ η ≥`,
		"\x1b[31m\"x\"": `\x1b[31m"x"`,
		"a\tb":          `a\tb`,
		"\x9b31m":       `\x9b31m`, // as \x1b[31m where a terminal knows Latin-1 alone
	} {
		if got := message.Text(text); got != want {
			t.Errorf("%q is shown as %q, want %q", text, got, want)
		}
	}
}
