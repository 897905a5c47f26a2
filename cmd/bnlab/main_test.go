package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"bnlab/cmd/internal/shell"
)

// TestMain lets a test start the program as a process of its own: the test
// binary, called by the program's name.
func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == "bnlab" {
		main()
	}
	os.Exit(m.Run())
}

// binFolder returns a folder that holds the program as bnlab.
func binFolder(t *testing.T) string {
	t.Helper()
	exe, err := os.Executable()
	bin := t.TempDir()
	if err := errors.Join(err, os.Symlink(exe, filepath.Join(bin, "bnlab"))); err != nil {
		t.Fatal(err)
	}
	return bin
}

// tiny are flags of a training of ten steps, the data aside.
func tiny() []string {
	return strings.Fields("--train-size 500 --test-size 200 --val 100 --ns 5 --cycles 1 --batch 20")
}

// small returns a command line on few images of the synthetic set: the words of
// args, split at spaces, with those flags before their own.
func small(args ...string) []string {
	line := strings.Fields(strings.Join(args, " "))
	flags := slices.IndexFunc(line, func(word string) bool { return word[0] == '-' })
	return slices.Concat(line[:flags], []string{"--dataset", "synthetic"}, tiny(), line[flags:])
}

// result is what a call of the program leaves.
type result struct {
	code           int
	stdout, stderr string
}

// call runs the program in this process.
func call(ctx context.Context, args ...string) result {
	var stdout, stderr bytes.Buffer
	code := run(ctx, append([]string{"bnlab"}, args...), os.Stdin, &stdout, &stderr)
	return result{code, stdout.String(), stderr.String()}
}

// want runs the program, which must end with that exit code.
func want(t *testing.T, code int, args ...string) result {
	t.Helper()
	r := call(t.Context(), args...)
	if r.code != code {
		t.Fatalf("bnlab %s: exit code %d, want %d; stderr: %s", strings.Join(args, " "), r.code, code, r.stderr)
	}
	return r
}

// decode reads the JSON object on stdout into v.
func (r result) decode(t *testing.T, v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(r.stdout), v); err != nil {
		t.Fatalf("stdout is not one JSON object: %v\n%s", err, r.stdout)
	}
}

// cleanEnv takes out of the environment what would change the program's ways.
func cleanEnv(t *testing.T) {
	for _, key := range environment() {
		if old, ok := os.LookupEnv(key); ok {
			t.Setenv(key, old) // restores it in the end
			os.Unsetenv(key)
		}
	}
	t.Setenv("HOME", t.TempDir())
}

// Exit codes, by short names.
const (
	exitDone        = shell.ExitDone
	exitFailed      = shell.ExitFailed
	exitUsage       = shell.ExitUsage
	exitCheck       = shell.ExitCheck
	exitInterrupted = shell.ExitInterrupted
)

// environment returns the names of the variables that the program reads.
func environment() []string {
	names := []string{"CIFAR10_DIR", "HOME", "XDG_CACHE_HOME"}
	eachCommand(func(_ string, c *shell.Command) {
		for _, o := range c.Options {
			names = append(names, o.Variable())
		}
	})
	slices.Sort(names)
	return slices.Compact(names)
}

// eachCommand calls f for every command and every group with its full name.
func eachCommand(f func(name string, c *shell.Command)) {
	var walk func(commands []*shell.Command, parent string)
	walk = func(commands []*shell.Command, parent string) {
		for _, c := range commands {
			name := parent + " " + c.Name
			f(name, c)
			walk(c.Commands, name)
		}
	}
	walk(program().Commands, "bnlab")
}

// fewSteps are flags of a training of ten steps.
const fewSteps = "train_size: 200\ntest_size: 100\nval: 100\nns: 5\ncycles: 1\nbatch: 20\n"

// put writes a file and the folders to it.
func put(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o777), os.WriteFile(path, content, 0o666)); err != nil {
		t.Fatal(err)
	}
}
