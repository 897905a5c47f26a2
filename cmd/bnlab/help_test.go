package main

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"
)

// Every flag of every command can be set by its variable of the environment.
func TestEnvironment(t *testing.T) {
	eachCommand(commands(), "bnlab", func(name string, c *cli.Command) {
		for _, f := range c.Flags {
			flag := f.Names()[0]
			want := "BNLAB_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
			if got := f.(cli.DocGenerationFlag).GetEnvVars(); !slices.Equal(got, []string{want}) {
				t.Errorf("%s --%s: variables %v, want %s", name, flag, got, want)
			}
		}
	})
}

// Every command that does something takes --config, and every command has a help
// text with examples.
func TestHelp(t *testing.T) {
	cleanEnv(t)
	eachCommand(commands(), "bnlab", func(name string, c *cli.Command) {
		words := append(strings.Fields(name)[1:], "--help")
		r := want(t, exitDone, words...)
		if !strings.HasPrefix(r.stdout, name+": "+c.Usage+"\n") || r.stderr != "" {
			t.Errorf("%s --help prints\n%s%s", name, r.stdout, r.stderr)
		}
		if len(c.Subcommands) > 0 {
			return
		}
		if !strings.Contains(r.stdout, "--config FILE") {
			t.Errorf("%s --help does not tell of --config", name)
		}
		if len(examples(r.stdout)) == 0 {
			t.Errorf("%s --help has no examples", name)
		}
	})
}

// Every example of every help text is a command line that the program takes: run
// with a context that has ended, it gets as far as training, or is done.
func TestExamples(t *testing.T) {
	if testing.Short() {
		t.Skip("reads the data for each example")
	}
	cleanEnv(t)
	t.Chdir(t.TempDir())
	if err := blackBatches("cifar-10-batches-bin"); err != nil {
		t.Fatal(err)
	}
	want(t, exitDone, small("train --bn --hidden 5 --save m.safetensors")...)
	want(t, exitDone, small("sweep plan compare --depth 3 --seeds 4 --fuse off --out runs/wide")...)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	seen := map[string]bool{}
	eachCommand(commands(), "bnlab", func(_ string, c *cli.Command) {
		for _, args := range examples(c.Description) {
			line := strings.Join(args, " ")
			if seen[line] {
				continue
			}
			seen[line] = true
			t.Run(line, func(t *testing.T) {
				if strings.Contains(line, "data verify") {
					t.Setenv("CIFAR10_DIR", "cifar-10-batches-bin")
				}
				r := call(ended, args...)
				if want := codeOf(line); r.code != want {
					t.Errorf("exit code %d, want %d: %s", r.code, want, r.stderr)
				}
			})
		}
	})
}

// reads matches the examples that train nothing.
var reads = regexp.MustCompile(`^(data|info|eval|report|sweep (plan|status))\b`)

// codeOf returns the exit code that an example ends with under a context that
// has ended, with black images for CIFAR-10.
func codeOf(line string) int {
	switch {
	case strings.HasPrefix(line, "data verify"):
		return exitCheck
	case strings.HasPrefix(line, "sweep collect"):
		return exitFailed // trials are missing
	case reads.MatchString(line):
		return exitDone
	}
	return exitInterrupted
}

var (
	exampleLine = regexp.MustCompile(`(?m)^  (.*bnlab .*)$`)
	// What follows the command on its line: a remark after several spaces, or a
	// file for the output.
	afterExample = regexp.MustCompile(`\s{2,}.*| > \S+$`)
)

// examples returns the arguments of the calls of the program under "Examples:"
// in a text.
func examples(text string) [][]string {
	_, text, _ = strings.Cut(text, "Examples:\n")
	var calls [][]string
	for _, match := range exampleLine.FindAllStringSubmatch(text, -1) {
		for _, part := range strings.Split(match[1], " && ") {
			_, args, _ := strings.Cut(afterExample.ReplaceAllString(part, ""), "bnlab ")
			calls = append(calls, strings.Fields(args))
		}
	}
	return calls
}

// The regular expressions above read an example as a shell would.
func TestExamplesOf(t *testing.T) {
	got := examples("Examples:\n  bnlab a --b 1      a remark\n  env -u X bnlab c && bnlab d > f.json\nno example")
	if len(got) != 3 || strings.Join(got[0], " ") != "a --b 1" || got[1][0] != "c" || strings.Join(got[2], " ") != "d" {
		t.Errorf("got %q", got)
	}
}
