package main

import (
	"strings"
	"testing"

	"bnlab/cmd/internal/shell"
)

// Every command that has flags takes --config, and every command has a help text
// with examples.
func TestHelp(t *testing.T) {
	cleanEnv(t)
	eachCommand(func(name string, c *shell.Command) {
		words := append(strings.Fields(name)[1:], "--help")
		r := want(t, exitDone, words...)
		if title, _, _ := strings.Cut(r.stdout, "\n\n"); strings.ReplaceAll(title, "\n", " ") != name+": "+c.Usage || r.stderr != "" {
			t.Errorf("%s --help prints\n%s%s", name, r.stdout, r.stderr)
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
	})
}

// The help texts keep within the columns of a terminal, examples aside, and leave
// no mark of the source in them.
func TestHelpLayout(t *testing.T) {
	cleanEnv(t)
	eachCommand(func(name string, _ *shell.Command) {
		text := want(t, exitDone, append(strings.Fields(name)[1:], "--help")...).stdout
		for _, line := range strings.Split(text, "\n") {
			example := strings.HasPrefix(line, "  bnlab ") || strings.HasPrefix(line, "  env ") || strings.HasPrefix(line, "Usage:")
			if n := len([]rune(line)); n > 80 && !example || strings.ContainsAny(strings.ReplaceAll(line, "`bnlab", ""), "\t`\x1b") && !example {
				t.Errorf("%s --help, %d columns: %s", name, n, line)
			}
		}
	})
}
