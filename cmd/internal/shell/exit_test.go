package shell

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"testing"

	"bnlab/blas"
)

// TestBrokenOff: the program that has to be broken off says so in JSON too.
func TestBrokenOff(t *testing.T) {
	var stderr bytes.Buffer
	printError(&stderr, true, errBrokenOff)
	var got errorReport
	if err := json.Unmarshal(stderr.Bytes(), &got); err != nil || got.Error.Code != ExitInterrupted || got.Error.Kind != "interrupted" {
		t.Errorf("%v: %s", err, &stderr)
	}
}

// TestFailure: a command for which an engine has no memory ends with a line; one with a mistake
// in it does not hide it.
func TestFailure(t *testing.T) {
	var stderr bytes.Buffer
	run := func(with any) int {
		command := New(Command{Name: "train"}, testOptions{NS: 5, Set: "test"}, "", func(context.Context, *Call, testOptions) error { panic(with) })
		p := &Program{Name: "bnlab", Commands: []*Command{command}, VersionText: func() string { return "" }}
		return p.Run(t.Context(), []string{"bnlab", "train"}, nil, io.Discard, &stderr)
	}
	code := run(fmt.Errorf("oneDNN: %w (status 1)", blas.ErrFailed))
	if want := "bnlab: oneDNN: no memory for a product (status 1)\n"; code != 1 || stderr.String() != want {
		t.Errorf("exit %d with %q, want 1 with %q", code, &stderr, want)
	}
	defer func() {
		if recover() != "mistake" {
			t.Error("the panic was hidden")
		}
	}()
	run("mistake")
}
