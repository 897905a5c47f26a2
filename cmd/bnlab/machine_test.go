package main

import (
	"strings"
	"syscall"
	"testing"
)

// TestMachineRefuses: where the machine opens no file, that is not taken for a fault of
// the file, and the message says what can be done. The command line is right: exit code 1.
func TestMachineRefuses(t *testing.T) {
	cleanEnv(t)
	t.Chdir(t.TempDir())
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
}
