package main

import (
	"bytes"
	"errors"
	"os"
	"testing"
)

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

// A result that cannot be written is an error, as a table and as JSON.
func TestResultsLost(t *testing.T) {
	cleanEnv(t)
	for _, args := range [][]string{{"bnlab", "info"}, {"bnlab", "info", "--json"}, {"bnlab", "data", "info", "--dataset", "synthetic"}} {
		var stderr bytes.Buffer
		code := run(t.Context(), args, os.Stdin, full{}, &stderr)
		if code != exitFailed || !bytes.HasSuffix(stderr.Bytes(), []byte("no space left on device\n")) {
			t.Errorf("%v: exit code %d, stderr %q", args, code, &stderr)
		}
	}
}
