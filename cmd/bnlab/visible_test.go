package main

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"bnlab/train/message"
)

// escapes are what a terminal obeys: control sequences in seven and in eight bits, a
// mark that turns the direction of writing, and no text at all.
const escapes = "\x1b[2J\u009b2J\u202e\a\r"

// printable reports whether a terminal shows a text and obeys nothing in it.
func printable(text string) bool { return message.Printable(strings.ReplaceAll(text, "\n", "")) }

func shows(ts *testscript.TestScript, _ bool, args []string) {
	inScript(ts, anyCode, args[1:])
	if stdout, stderr := ts.Stdout().(*strings.Builder).String(), ts.Stderr().(*strings.Builder).String(); !printable(stdout + stderr) {
		ts.Fatalf("it writes what a terminal obeys:\n%q\n%q", stdout, stderr)
	}
}

// Whatever stands in a plan or a record, a terminal shows it and no more: string by
// string, without the checksum, as somebody would who has written the file.
func TestHostileRecords(t *testing.T) {
	cleanEnv(t)
	dir := filepath.Join(t.TempDir(), "run")
	want(t, exitDone, append(small("compare --depth 2 --seeds 1"), "--out", dir)...)
	check := func(args ...string) {
		if r := call(t.Context(), append(args, dir)...); !printable(r.stdout + r.stderr) {
			t.Errorf("%s: what a terminal obeys, with exit code %d:\n%q\n%q", args, r.code, r.stdout, r.stderr)
		}
	}
	strings := 0
	for _, name := range []string{"plan.json", "trials/2-layer-seed1/result.json"} {
		path := filepath.Join(dir, name)
		text := read(t, path)
		for i, n := 0, 1; i < n; i++ {
			changed, all := spoiled(text, func(j int) bool { return i == j })
			n = all
			put(t, path, changed)
			check("sweep", "status")
			check("sweep", "collect")
		}
		changed, n := spoiled(text, func(int) bool { return true })
		for _, v := range [][]byte{changed, text} { // in the end as it was
			put(t, path, v)
			check("report")
			check("sweep", "run")
		}
		strings += n
	}
	if strings < 15 {
		t.Errorf("%d strings: this test looks at too little", strings)
	}
}

// jsonString matches a string, and with it the colon behind a key.
var jsonString = regexp.MustCompile(`"(?:[^"\\]|\\.)*"(\s*:)?`)

// spoiled returns a text of JSON without its checksum and with the escapes behind the
// strings, counted as they come, that are to be changed, and how many strings there are.
func spoiled(text []byte, which func(i int) bool) (changed []byte, n int) {
	text = regexp.MustCompile(`,\s*"sha256": "\w*"`).ReplaceAll(text, nil)
	quoted, _ := json.Marshal(escapes)
	changed = jsonString.ReplaceAllFunc(text, func(s []byte) []byte {
		value, isValue := bytes.CutSuffix(s, []byte(`"`))
		if !isValue {
			return s
		}
		if n++; !which(n - 1) {
			return s
		}
		return append(bytes.Clone(value), quoted[1:]...)
	})
	return changed, n
}
