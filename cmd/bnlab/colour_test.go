package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// onTerminal runs the program on a terminal that the command script makes, and
// returns all that it writes.
func onTerminal(t *testing.T, line string, env ...string) string {
	t.Helper()
	if _, err := exec.LookPath("script"); err != nil || runtime.GOOS != "linux" {
		t.Skip("needs the command script of util-linux")
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	bnlab := filepath.Join(t.TempDir(), "bnlab")
	if err := os.Symlink(exe, bnlab); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "script", "-qec", bnlab+" "+line, "/dev/null")
	cmd.Env = append(os.Environ(), append([]string{"TERM=xterm", "NO_COLOR="}, env...)...)
	out, _ := cmd.CombinedOutput() // exit codes are no matter here
	return string(out)
}

// Colours are for a terminal alone, and for none where the user says so.
func TestColours(t *testing.T) {
	cleanEnv(t)
	const check = "gradcheck --depth 2 --sample 2 --images 5 --dataset synthetic --break W"
	for _, c := range []struct {
		line, env string
		want      []string
	}{
		{check, "", []string{"\x1b[1;31mFAIL\x1b[0m", "\x1b[32mok\x1b[0m", "\x1b[1;31mbnlab:\x1b[0m gradient check did not hold"}},
		{"train --help", "", []string{"\x1b[1mHyper-parameters:\x1b[0m"}},
		{"trian", "NO_COLOR=1", []string{"bnlab: no command"}},
		{"train --help", "TERM=dumb", []string{"Hyper-parameters:"}},
		{"train --dataset synthetic --ns 9 --cycles 1 --train-size 200 --val 100", "TERM=dumb", []string{"18 steps in"}},
	} {
		out := onTerminal(t, c.line, c.env)
		for _, want := range c.want {
			if !strings.Contains(out, want) {
				t.Errorf("%s %s: no %q in\n%q", c.env, c.line, want, out)
			}
		}
		if c.env != "" && strings.Contains(out, "\x1b[") {
			t.Errorf("%s %s: a colour in\n%q", c.env, c.line, out)
		}
	}
	r := want(t, exitUsage, "trian")
	if strings.Contains(r.stderr+want(t, exitDone, "train", "--help").stdout, "\x1b") {
		t.Errorf("a colour where there is no terminal: %q", r.stderr)
	}
}
