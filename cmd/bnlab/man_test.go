package main

import (
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"bnlab/cmd/internal/shell"
)

// The manual page tells of every command and every flag, and man's formatter takes
// it without a warning.
func TestManual(t *testing.T) {
	cleanEnv(t)
	page := want(t, exitDone, "man").stdout
	text := strings.ReplaceAll(page, `\-`, "-")
	eachCommand(func(name string, c *shell.Command) {
		if len(c.Commands) > 0 {
			return
		}
		_, section, found := strings.Cut(text, "\n.SS "+name)
		section, _, _ = strings.Cut(section, "\n.S")
		if !found {
			t.Errorf("no section of %s", name)
		}
		for _, o := range c.Options {
			if flag := "--" + o.Name; o.Name != "help" && (!regexp.MustCompile(flag+`\b`).MatchString(section) || !strings.Contains(text, "\n.B "+strings.TrimSpace(flag+" "+o.Placeholder)+"\n")) {
				t.Errorf("%s: nothing about %s", name, flag)
			}
		}
	})
	for _, section := range []string{"NAME", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "ENVIRONMENT", "FILES", "EXIT STATUS", "EXAMPLES"} {
		if !strings.Contains(text, "\n.SH "+section+"\n") {
			t.Errorf("no section %s", section)
		}
	}
	if _, err := exec.LookPath("groff"); err != nil {
		t.Skip(err)
	}
	cmd := exec.CommandContext(t.Context(), "groff", "-man", "-ww", "-Kutf8", "-Tutf8")
	cmd.Stdin = strings.NewReader(page)
	var complaints strings.Builder
	cmd.Stderr = &complaints
	shown, err := cmd.Output()
	if err != nil || complaints.Len() > 0 {
		t.Errorf("groff: %v\n%s", err, &complaints)
	}
	plain := regexp.MustCompile("\x1b\\[[0-9;]*m|.\x08").ReplaceAllString(string(shown), "") // bold, one way or the other
	for _, line := range []string{"bnlab COMMAND --help", "weight λ of the L2 penalty λ·Σ‖W‖²", "bnlab predict m.safetensors - < cat.jpg"} {
		if !strings.Contains(plain, line) {
			t.Errorf("%q is not on the page as shown", line)
		}
	}
}
