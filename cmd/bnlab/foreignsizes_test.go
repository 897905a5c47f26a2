package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestForeignSizes: files of absurd sizes end each reader with one line, in a process
// of its own that may not take much, and does not.
func TestForeignSizes(t *testing.T) {
	if testing.Short() {
		t.Skip("limits of memory do not go with the race detector")
	}
	cleanEnv(t)
	t.Chdir(t.TempDir())
	give(t, few())
	const tiny = " --dataset synthetic --val 100 --ns 5 --cycles 1 --batch 20 --evals 1"
	want(t, exitDone, strings.Fields("train --save m.safetensors"+tiny)...)
	want(t, exitDone, strings.Fields("compare --quiet --depth 2 --seeds 1 --out done"+tiny)...)
	sparseModel(t, "giant.safetensors", 300000)
	sparseModel(t, "large.safetensors", 60000)

	// sparse makes path long, after some bytes that belong there.
	sparse := func(path string, size int64, head string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(head), 0o666); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(path, size); err != nil {
			t.Skip(err)
		}
	}
	const gigabytes, plan = 5 << 30, 128 << 20
	sparse("long.safetensors", gigabytes, "")
	sparse("huge/plan.json", gigabytes, "{")
	sparse("full/plan.json", plan, "{")
	line := append([]byte(`{"format":1,"experiment":"`), bytes.Repeat([]byte("x"), plan-100)...)
	if err := os.MkdirAll("line", 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("line/plan.json", line, 0o666); err != nil {
		t.Fatal(err)
	}
	sparse("config.yaml", gigabytes, "lambda: 1\n")
	sparse("config.toml", gigabytes, "lambda = 1 #")
	sparse("cat.png", gigabytes, "\x89PNG\r\n\x1a\n")
	sparse("cifar.tar.gz", gigabytes, "\x1f\x8b")
	sparse("bin/data_batch_1.bin", gigabytes, "")
	sparse("python/data_batch_1", gigabytes, "\x80\x02}")
	for _, test := range []struct {
		command string
		code    int
		says    string
	}{
		{"eval --dataset synthetic giant.safetensors", exitUsage, "300000 units"},
		{"eval --dataset synthetic large.safetensors", exitUsage, "the network takes 4.8 GB of memory"},
		{"predict long.safetensors cat.png", exitUsage, "bad saved network"},
		{"predict m.safetensors cat.png", exitUsage, "more than 128 MiB"},
		{"train --config config.yaml", exitUsage, "longer than 65536 bytes"},
		{"train --config config.toml", exitUsage, "longer than 65536 bytes"},
		{"sweep status huge", exitUsage, "too long"},
		{"sweep status full", exitUsage, "not a plan"},
		{"sweep status line", exitUsage, "not a plan"},
		{"data info --data cifar.tar.gz", exitUsage, "5368709120 bytes"},
		{"data info --data bin", exitUsage, "data_batch_"},
		{"data info --data python", exitUsage, "data_batch_"},
	} {
		endsSmall(t, test.command, test.code, test.says)
	}
	for _, name := range []string{"result.json", "curve.jsonl"} {
		for _, path := range must(filepath.Glob("done/trials/*/" + name)) {
			sparse(path, gigabytes, "{")
		}
		endsSmall(t, "sweep collect --json done", exitFailed, "too long")
	}
}

// endsSmall runs a command that may take 1.2 GB, of which a plan of the greatest
// length needs most, and must end with a line that says what is wrong. Others are
// warnings about each of several files.
func endsSmall(t *testing.T, command string, code int, says string) {
	t.Helper()
	cmd := shellCommand(t, "ulimit -d 1200000 && exec bnlab "+command)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	cmd.Run()
	got := stderr.String()
	if cmd.ProcessState.ExitCode() != code || !strings.Contains(got, says) || strings.Count(got, "\n") != 1+strings.Count(got, "WARNING: ") {
		t.Errorf("%s: exit code %d, want %d; says %.500s, want %q", command, cmd.ProcessState.ExitCode(), code, got, says)
	}
}

func must(paths []string, _ error) []string { return paths }
