package main

import (
	"bytes"
	"context"
	"os"
	"regexp"
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
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	stop := &cancelling{cancel: cancel}
	args := append([]string{"bnlab", "compare", "--depth", "2", "--quiet"}, tiny()...)
	args = append(args, "--ns", "100000000") // far more than a minute's work
	code := run(ctx, args, os.Stdin, new(bytes.Buffer), stop)
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
