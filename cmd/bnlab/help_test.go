package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"
	"pgregory.net/rapid"
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

// Every command that has flags takes --config, and every command has a help text
// with examples.
func TestHelp(t *testing.T) {
	cleanEnv(t)
	eachCommand(commands(), "bnlab", func(name string, c *cli.Command) {
		words := append(strings.Fields(name)[1:], "--help")
		r := want(t, exitDone, words...)
		if title, _, _ := strings.Cut(r.stdout, "\n\n"); strings.ReplaceAll(title, "\n", " ") != name+": "+c.Usage || r.stderr != "" {
			t.Errorf("%s --help prints\n%s%s", name, r.stdout, r.stderr)
		}
		if len(c.Subcommands) > 0 {
			return
		}
		if len(c.Flags) > 1 && !strings.Contains(r.stdout, "--config FILE") {
			t.Errorf("%s --help does not tell of --config", name)
		}
		if len(examples(r.stdout)) == 0 {
			t.Errorf("%s --help has no examples", name)
		}
	})
}

// The help texts keep within the columns of a terminal, examples aside, and leave
// no mark of the source in them.
func TestHelpLayout(t *testing.T) {
	cleanEnv(t)
	eachCommand(commands(), "bnlab", func(name string, _ *cli.Command) {
		text := want(t, exitDone, append(strings.Fields(name)[1:], "--help")...).stdout
		for _, line := range strings.Split(text, "\n") {
			example := strings.HasPrefix(line, "  bnlab ") || strings.HasPrefix(line, "  env ") || strings.HasPrefix(line, "Usage:")
			if n := len([]rune(line)); n > 80 && !example || strings.ContainsAny(strings.ReplaceAll(line, "`bnlab", ""), "\t`\x1b") && !example {
				t.Errorf("%s --help, %d columns: %s", name, n, line)
			}
		}
	})
}

// A text is broken between words alone, at the last place that fits.
func TestWrapped(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[a-zλ]{1,9}( [a-z]{1,9}){0,20}`).Draw(t, "text")
		width := rapid.IntRange(9, 40).Draw(t, "width")
		lines := wrapped(text, width)
		if strings.Join(lines, " ") != text {
			t.Fatalf("%q became %q", text, lines)
		}
		for i, line := range lines {
			next := ""
			if i+1 < len(lines) {
				next, _, _ = strings.Cut(lines[i+1], " ")
			}
			if n := len([]rune(line)); n > width || next != "" && n+1+len([]rune(next)) <= width {
				t.Fatalf("width %d: line %d of %q", width, i, lines)
			}
		}
	})
}
