package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// runScript runs a script of the project's in dir, with program for bnlab, and
// returns what it prints.
func runScript(t *testing.T, dir, program, script string, args ...string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("..", "..", "scripts", script))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), path, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "BNLAB="+program, fewVariable+"=1", "OPENBLAS_CORETYPE=Haswell", "OPENBLAS_L2_SIZE=512")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v: %s", script, err, out)
	}
	return string(out)
}

// TestShellScripts: each script calls its command, with the caller's flags after
// its own, and without what slows OpenBLAS.
func TestShellScripts(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip(err)
	}
	cleanEnv(t)
	dir := t.TempDir()
	echo := filepath.Join(dir, "echo")
	const program = "#!/bin/sh\necho \"$*|$OPENBLAS_CORETYPE$OPENBLAS_L2_SIZE\"\n"
	if err := os.WriteFile(echo, []byte(program), 0o777); err != nil {
		t.Fatal(err)
	}
	for script, command := range map[string]string{
		"lambda_search.sh": "search --out runs/search",
		"sigma_sweep.sh":   "sigma --out runs/sigma",
		"compare.sh":       "compare --out runs/compare",
		"reproduce.sh":     "reproduce --out runs/reproduce",
	} {
		if got, want := runScript(t, dir, echo, script, "--seeds", "3", "--out", "a b"), command+" --seeds 3 --out a b|\n"; got != want {
			t.Errorf("%s calls %q, want %q", script, got, want)
		}
	}
	// And once for real.
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	bnlab := filepath.Join(dir, "bnlab")
	if err := os.Symlink(exe, bnlab); err != nil {
		t.Fatal(err)
	}
	args := small("--quiet", "--depth 2 --seeds 1 --train-size 400 --test-size 100")
	if got := runScript(t, dir, bnlab, "compare.sh", args...); !strings.Contains(got, "2-layer BN  1 ") {
		t.Errorf("compare.sh prints %s", got)
	}
	if n := countResults(filepath.Join(dir, "runs", "compare")); n != 2 {
		t.Errorf("%d results in runs/compare below the working folder, want 2", n)
	}
}
