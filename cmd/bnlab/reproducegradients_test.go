package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bnlab/train/experiment"
)

// tinyReproduce is a whole study of few and short trainings.
const tinyReproduce = "reproduce --quiet --dataset synthetic --train-size 300 --test-size 100 --val 100 --ns 5 --cycles 1 --batch 20 --sigma-ns 3 --points 2 --seeds 1 --depth 2 --sigmas 1e-3 --out "

// interrupter is a standard error that interrupts the program when it is told at.
type interrupter struct {
	at        string
	interrupt func()
	text      strings.Builder
}

func (i *interrupter) Write(p []byte) (int, error) {
	i.text.Write(p)
	if strings.Contains(i.text.String(), i.at) {
		i.interrupt()
	}
	return len(p), nil
}

// TestReproduceGradients: an interruption in the gradient check tells how to go on; a
// record that is damaged is made anew, and one of other data is not touched.
func TestReproduceGradients(t *testing.T) {
	cleanEnv(t)
	dir := filepath.Join(t.TempDir(), "study")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	told := &interrupter{at: "gradcheck: 2-layer", interrupt: cancel}
	code := run(ctx, append([]string{"bnlab"}, strings.Fields(strings.Replace(tinyReproduce, "--quiet ", "", 1)+dir)...), os.Stdin, io.Discard, told)
	if code != exitInterrupted || !strings.Contains(told.text.String(), "in the gradient check; nothing is lost; to go on: ") {
		t.Errorf("exit code %d: %s", code, told.text.String())
	}

	file := filepath.Join(dir, "gradcheck.json")
	put(t, file, []byte("{"))
	line := strings.Fields(tinyReproduce + dir)
	want(t, exitDone, line...)
	r, err := experiment.ReadGradients(dir)
	if err != nil || !r.OK || len(r.Nets) != 2 {
		t.Fatalf("%+v, error %v", r, err)
	}
	r.Dataset.Digest = "another"
	if err := errors.Join(os.Remove(file), r.Keep(dir)); err != nil { // the first stays
		t.Fatal(err)
	}
	before := string(read(t, file))
	if out := want(t, exitUsage, line...); !strings.Contains(out.stderr, "a study of other data") || string(read(t, file)) != before {
		t.Errorf("%s", out.stderr)
	}
}
