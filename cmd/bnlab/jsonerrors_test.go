package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestJSONErrors: with --json-errors, wherever it stands, an error of any kind is one
// JSON object on one line of stderr, with the message and the exit code that it has
// without; what is found before flags are read too.
func TestJSONErrors(t *testing.T) {
	cleanEnv(t)
	give(t, few())
	t.Chdir(t.TempDir())
	file := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	file("bad.safetensors", "x")
	file("f.yaml", "ns: 0\njson_errors: true\n")
	if err := blackBatches("black"); err != nil {
		t.Fatal(err)
	}
	plan := small("sweep plan compare --depth 2 --train-size 400 --test-size 100 --out run")
	want(t, exitDone, plan...)
	for _, v := range []struct {
		plain, asked string
		code         int
		kind         string
	}{
		{"trian", "--json-errors trian", exitUsage, "usage"},
		{"trian", "trian --json-errors", exitUsage, "usage"},
		{"train --lamda 1", "train --lamda 1 --json-errors", exitUsage, "usage"},
		{"train --ns many", "train --json-errors --ns many", exitUsage, "usage"},
		{"train --ns 0", "train --ns 0 --json-errors=true", exitUsage, "usage"},
		{"train --config f.yaml --json-errors=false", "train --config f.yaml", exitUsage, "usage"},
		{"sweep nothing", "sweep --json-errors nothing", exitUsage, "usage"},
		{"sweep status", "sweep --json-errors status", exitUsage, "usage"},
		{"man x", "man --json-errors x", exitUsage, "usage"},
		{"eval bad.safetensors", "eval bad.safetensors --json-errors", exitUsage, "input"},
		{"data info --data f.yaml", "data info --data f.yaml --json-errors", exitUsage, "input"},
		{"sweep status nowhere", "sweep status nowhere --json-errors", exitUsage, "input"},
		{"sweep collect run", "sweep collect run --json --json-errors", exitFailed, "failed"},
		{"data verify --data black", "data verify --data black --json --json-errors", exitCheck, "check"},
	} {
		asked, plain := want(t, v.code, strings.Fields(v.asked)...), want(t, v.code, strings.Fields(v.plain)...)
		got := errorOf(t, v.asked, asked.stderr)
		if got.Code != v.code || got.Kind != v.kind || "bnlab: "+got.Message+"\n" != plain.stderr {
			t.Errorf("%s: %+v, without the flag: %s", v.asked, got, plain.stderr)
		}
	}
	if r := want(t, exitDone, "--json-errors"); r.stderr != "" || !strings.Contains(r.stdout, "Usage: ") {
		t.Errorf("no error: %s%s", r.stdout, r.stderr)
	}
}

// errorObject is what the object error holds.
type errorObject struct {
	Message string `json:"message"`
	Code    int    `json:"code"`
	Kind    string `json:"kind"`
}

// errorOf reads the only line of stderr.
func errorOf(t *testing.T, line, stderr string) errorObject {
	t.Helper()
	var got struct {
		Error errorObject `json:"error"`
	}
	d := json.NewDecoder(strings.NewReader(stderr))
	d.DisallowUnknownFields()
	if err := d.Decode(&got); err != nil || strings.Count(stderr, "\n") != 1 || d.More() {
		t.Fatalf("%s: %v in %q", line, err, stderr)
	}
	return got.Error
}

// TestJSONErrorsVariable: the variable asks for it too, and the flag comes first.
func TestJSONErrorsVariable(t *testing.T) {
	cleanEnv(t)
	t.Setenv("BNLAB_JSON_ERRORS", "true")
	if got := errorOf(t, "trian", want(t, exitUsage, "trian").stderr); got.Kind != "usage" {
		t.Errorf("%+v", got)
	}
	if r := want(t, exitUsage, "trian", "--json-errors=false"); !strings.HasPrefix(r.stderr, "bnlab: ") {
		t.Errorf("%s", r.stderr)
	}
	if r := want(t, exitUsage, "predict", "--", "--json-errors=false"); errorOf(t, "predict", r.stderr).Kind != "usage" {
		t.Errorf("%s", r.stderr)
	}
}

// TestJSONErrorsMany: a picture that is refused among others is such a line as well.
func TestJSONErrorsMany(t *testing.T) {
	cleanEnv(t)
	give(t, few())
	dir := t.TempDir()
	net := filepath.Join(dir, "n.safetensors")
	want(t, exitDone, small("train --quiet", "--train-size 400 --test-size 100 --save", net)...)
	r := want(t, exitUsage, "predict", "--json-errors", net, filepath.Join(dir, "none.png"), filepath.Join(dir, "nor.png"))
	lines := strings.SplitAfter(strings.TrimSpace(r.stderr), "\n")
	if len(lines) != 3 {
		t.Fatalf("%s", r.stderr)
	}
	for i, line := range lines {
		if got := errorOf(t, "predict", strings.TrimSpace(line)+"\n"); got.Code != exitUsage || (got.Kind == "input") != (i < 2) {
			t.Errorf("%+v", got)
		}
	}
}
