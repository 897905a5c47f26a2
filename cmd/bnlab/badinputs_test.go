package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "write exit codes and messages into docs/bad-inputs.md")

// badRow is a line of the tables: what is wrong, the command, the rest.
var badRow = regexp.MustCompile("^(\\| .* \\| )`([^`]*bnlab [^`]*)`( \\|?.*)$")

// badInputs runs every command of docs/bad-inputs.md among files made to be bad, and
// compares exit code and message with what stands there.
func badInputs(ts *testscript.TestScript, _ bool, _ []string) {
	page := filepath.Join(testFolder, "../../docs/bad-inputs.md")
	text, err := os.ReadFile(page)
	ts.Check(err)
	lines := strings.Split(string(text), "\n")
	rows, wrong := 0, 0
	for i, line := range lines {
		row := badRow.FindStringSubmatch(line)
		if row == nil {
			continue
		}
		rows++
		got := row[1] + "`" + row[2] + "`" + replyTo(ts, row[2])
		if *update {
			lines[i] = got
		} else if got != line {
			wrong++
			ts.Logf("%s\n got %s\nwant %s", row[2], got, line)
		}
	}
	if wrong > 0 || rows < 100 {
		ts.Fatalf("%d lines were understood, %d are wrong", rows, wrong)
	}
	if *update {
		ts.Check(os.WriteFile(page, []byte(strings.Join(lines, "\n")), 0o666))
	}
}

// replyTo runs a command line, with variables of the environment in front, and
// returns exit code and message as the page has them.
func replyTo(ts *testscript.TestScript, line string) string {
	words := strings.Fields(line)
	for ; words[0] != "bnlab"; words = words[1:] {
		name, value, _ := strings.Cut(words[0], "=")
		ts.Setenv(name, value)
		defer ts.Setenv(name, "")
	}
	before := listing(ts, ts.MkAbs("."))
	var stdout, stderr bytes.Buffer
	code := codeInScript(ts, context.Background(), &stdout, &stderr, words[1:])
	messages := strings.Split(strings.TrimSuffix(stderr.String(), "\n"), "\n")
	message, found := strings.CutPrefix(messages[len(messages)-1], "bnlab: ")
	if found != (code != exitDone) || code == exitUsage && (len(messages) > 1 || stdout.Len() > 0) {
		ts.Fatalf("%s: want one line on stderr alone, got\n%s%s", line, &stderr, &stdout)
	}
	if diff := cmp.Diff(before, listing(ts, ts.MkAbs("."))); code == exitDone {
		message = messages[0]
	} else if diff != "" {
		ts.Fatalf("%s: files change:\n%s", line, diff)
	}
	return fmt.Sprintf(" | %d | `` %s `` |", code, strings.ReplaceAll(message, "|", `\|`))
}
