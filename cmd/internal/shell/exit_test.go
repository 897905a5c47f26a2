package shell

import (
	"bytes"
	"encoding/json"
	"testing"
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
