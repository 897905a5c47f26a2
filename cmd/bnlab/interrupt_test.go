package main

import (
	"bufio"
	"bytes"
	"context"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A command whose context has ended stops with code 130, one line, no result.
func TestInterrupted(t *testing.T) {
	cleanEnv(t)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for _, line := range []string{"train --bn --save m.safetensors", "train --json", "compare --depth 2", "compare --json"} {
		t.Chdir(t.TempDir())
		r := call(ended, small(line)...)
		if r.code != exitInterrupted || r.stdout != "" || !regexp.MustCompile(`^bnlab: interrupted.*\n$`).MatchString(r.stderr) {
			t.Errorf("%s: exit code %d, stdout %q, stderr %q", line, r.code, r.stdout, r.stderr)
		}
		if files, _ := os.ReadDir("."); len(files) > 0 {
			t.Errorf("%s: left %v", line, files)
		}
	}
	r := call(ended, "gradcheck", "--dataset", "synthetic", "--depth", "2")
	if r.code != exitInterrupted || r.stdout != "" || r.stderr != "bnlab: interrupted\n" {
		t.Errorf("gradcheck: exit code %d, stdout %q, stderr %q", r.code, r.stdout, r.stderr)
	}
}

// A command whose context ends in the midst of a training stops there.
func TestInterruptedInTheMidst(t *testing.T) {
	cleanEnv(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	stop := &cancelling{cancel: cancel}
	args := append([]string{"bnlab", "compare", "--depth", "2", "--quiet"}, tiny()...)
	args = append(args, "--ns", "100000000") // far more than a minute's work
	code := run(ctx, args, new(bytes.Buffer), stop)
	if code != exitInterrupted || ctx.Err() != context.Canceled {
		t.Errorf("exit code %d, context %v, stderr %q", code, ctx.Err(), stop)
	}
}

// cancelling ends a context a moment after the first line written to it.
type cancelling struct {
	bytes.Buffer
	cancel context.CancelFunc
}

func (c *cancelling) Write(p []byte) (int, error) {
	time.AfterFunc(300*time.Millisecond, c.cancel)
	return c.Buffer.Write(p)
}

// The program, as a process of its own, ends a long comparison when it is told
// to: by Ctrl-C, by its host or with its terminal.
func TestSignals(t *testing.T) {
	if testing.Short() {
		t.Skip("draws the synthetic set in each process")
	}
	cleanEnv(t)
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			cmd := exec.CommandContext(t.Context(), exe, "compare", "--depth", "3", "--cycles", "1000")
			cmd.Args[0], cmd.Dir = "bnlab", t.TempDir()
			pipe, err := cmd.StderrPipe()
			if err != nil {
				t.Fatal(err)
			}
			var stdout bytes.Buffer
			cmd.Stdout = &stdout
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			lines := bufio.NewScanner(pipe)
			lines.Scan() // the note on the synthetic set: signals are caught by now
			cmd.Process.Signal(signal)
			var last string
			for lines.Scan() {
				last = lines.Text()
			}
			cmd.Wait()
			if code := cmd.ProcessState.ExitCode(); code != exitInterrupted || !strings.HasPrefix(last, "bnlab: interrupted") || stdout.Len() > 0 {
				t.Errorf("exit code %d, last line %q, stdout %q", code, last, &stdout)
			}
		})
	}
}
