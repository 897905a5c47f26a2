package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"
)

// TestMain lets a test start the program as a process of its own: the test
// binary, called by the program's name.
func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == "bnlab" {
		main()
	}
	os.Exit(m.Run())
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
	code := run(ctx, append([]string{"bnlab"}, args...), &stdout, &stderr)
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

// environment returns the names of the variables that the program reads.
func environment() []string {
	names := []string{"CIFAR10_DIR", "HOME", "XDG_CACHE_HOME"}
	eachCommand(commands(), "bnlab", func(_ string, c *cli.Command) {
		for _, f := range c.Flags {
			names = append(names, f.(cli.DocGenerationFlag).GetEnvVars()...)
		}
	})
	slices.Sort(names)
	return slices.Compact(names)
}

// eachCommand calls f for every command and subcommand with its full name.
func eachCommand(commands []*cli.Command, parent string, f func(name string, c *cli.Command)) {
	for _, c := range commands {
		name := parent + " " + c.Name
		f(name, c)
		eachCommand(c.Subcommands, name, f)
	}
}
