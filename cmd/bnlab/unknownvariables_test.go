package main

import (
	"strings"
	"testing"
)

// TestUnknownVariableIsTold: by every command, and once.
func TestUnknownVariableIsTold(t *testing.T) {
	cleanEnv(t)
	t.Setenv("BNLAB_LAMDA", "3")
	for _, line := range []string{"info", "train --ns 0", "compare --print-config"} {
		if r := call(t.Context(), strings.Fields(line)...); strings.Count(r.stderr, `WARNING: BNLAB_LAMDA: no flag has this variable (did you mean "BNLAB_LAMBDA"?)`) != 1 {
			t.Errorf("%s: stderr %q", line, r.stderr)
		}
	}
}
