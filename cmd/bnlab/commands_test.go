package main

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"bnlab/blas"
	"bnlab/cmd/internal/shell"
)

// TestCommandsDescribed: every command has a help text with examples, a section of the
// manual that tells of every flag, and completion for its name and its flags; every one
// that has flags takes --config.
func TestCommandsDescribed(t *testing.T) {
	cleanEnv(t)
	manual := strings.ReplaceAll(want(t, exitDone, "man").stdout, `\-`, "-")
	offered := func(words ...string) bool {
		return strings.Contains("\n"+want(t, exitDone, append([]string{"__complete"}, words...)...).stdout, "\n"+words[len(words)-1]+"\t")
	}
	eachCommand(func(name string, c *shell.Command) {
		words := strings.Fields(name)[1:]
		r := want(t, exitDone, append(words, "--help")...)
		if title, _, _ := strings.Cut(r.stdout, "\n\n"); strings.ReplaceAll(title, "\n", " ") != name+": "+c.Usage || r.stderr != "" {
			t.Errorf("%s --help prints\n%s%s", name, r.stdout, r.stderr)
		}
		checkLayout(t, name, r.stdout)
		if !offered(words...) {
			t.Errorf("%s is not offered", name)
		}
		if len(c.Commands) > 0 {
			return
		}
		if len(c.Options) > 2 && !strings.Contains(r.stdout, "--config FILE") {
			t.Errorf("%s --help does not tell of --config", name)
		}
		if len(examples(r.stdout)) == 0 {
			t.Errorf("%s --help has no examples", name)
		}
		_, section, found := strings.Cut(manual, "\n.SS "+name)
		section, _, _ = strings.Cut(section, "\n.S")
		if !found {
			t.Errorf("no section of %s", name)
		}
		for _, o := range c.Options {
			flag := "--" + o.Name
			if o.Name != "help" && (!regexp.MustCompile(flag+`\b`).MatchString(section) || !strings.Contains(manual, "\n.B "+strings.TrimSpace(flag+" "+o.Placeholder)+"\n")) {
				t.Errorf("the manual tells nothing about %s %s", name, flag)
			}
			if !offered(append(words, flag)...) {
				t.Errorf("%s: %s is not offered", name, flag)
			}
		}
	})
}

// checkLayout asserts that a help text keeps within the columns of a terminal, examples
// aside, and that no mark of the source is left in it.
func checkLayout(t *testing.T, name, text string) {
	t.Helper()
	for line := range strings.SplitSeq(text, "\n") {
		example := strings.HasPrefix(line, "  bnlab ") || strings.HasPrefix(line, "  env ") || strings.HasPrefix(line, "Usage:")
		if n := len([]rune(line)); n > 80 && !example || strings.ContainsAny(strings.ReplaceAll(line, "`bnlab", ""), "\t`\x1b") && !example {
			t.Errorf("%s --help, %d columns: %s", name, n, line)
		}
	}
}

// TestFlagValues: the program takes every value that is offered for a flag, and refuses
// another with all of them named.
func TestFlagValues(t *testing.T) {
	cleanEnv(t)
	t.Chdir(t.TempDir())
	give(t, few())
	want(t, exitDone, small("train --bn --save m.safetensors --train-size 0 --test-size 0")...)
	want(t, exitDone, small("sweep plan compare --out runs --train-size 0 --test-size 0")...)
	t.Setenv("BNLAB_OUT", "plan") // which a plan must have
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	seen := map[string]bool{}
	eachCommand(func(name string, c *shell.Command) {
		for _, o := range c.Options {
			if o.Values == nil {
				continue
			}
			seen[o.Name] = true
			args := strings.Fields(name)[1:]
			for _, also := range []string{"bn", "dry-run"} {
				if hasOption(c, also) && o.Name != "norm" { // which with --bn is one choice
					args = append(args, "--"+also)
				}
			}
			files := strings.Fields(strings.NewReplacer("FILE|NAME", "compare", "MODEL...", "m.safetensors", "MODEL", "m.safetensors", "PICTURE...", "a.png", "DIR...", "runs", "DIR", "runs").Replace(c.Arguments))
			with := func(value string) result {
				return call(ended, slices.Concat(args, []string{"--" + o.Name, value}, files)...)
			}
			bad := with("nosuch")
			if about := fmt.Sprintf("--%s %q", o.Name, "nosuch"); bad.code != exitUsage || !strings.Contains(bad.stderr, about) {
				t.Errorf("%s %s: exit code %d, %s", name, about, bad.code, bad.stderr)
			}
			for _, value := range o.Values {
				if !strings.Contains(bad.stderr, value) {
					t.Errorf("%s: the refusal of a bad value does not name %s: %s", name, value, bad.stderr)
				}
				if r := with(value); o.Name == "backend" && strings.Contains(r.stderr, blas.ErrEngine.Error()) {
					continue // this build has others
				} else if strings.Contains(r.stderr, "--"+o.Name+" \"") {
					t.Errorf("%s --%s %s is refused: %s", name, o.Name, value, r.stderr)
				}
			}
		}
	})
	for _, flag := range []string{"break", "dataset", "engine", "fit", "fuse", "init", "precision", "range", "set", "stage"} {
		if !seen[flag] {
			t.Errorf("no values of --%s are offered", flag)
		}
	}
}
