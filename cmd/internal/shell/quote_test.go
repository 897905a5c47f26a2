package shell

import (
	"os/exec"
	"testing"

	"bnlab/train/message"
)

// TestQuote: a word is read as it is by a shell.
func TestQuote(t *testing.T) {
	for _, word := range []string{"", "a", "a b", "it's", `"$HOME"`, "--out=runs/é", "*", "~/x", "a\\b", "#", "-1e-3,2"} {
		out, err := exec.CommandContext(t.Context(), "sh", "-c", "printf %s "+Quote(word)).Output()
		if err != nil || string(out) != word {
			t.Errorf("%s is read as %q, want %q", Quote(word), out, word)
		}
	}
	for _, word := range []string{"\x1b[2J", "a\nb'c\t", "\\\a\"", "\u009b\u202e", "\xff"} {
		shown := Quote(word)
		if out, err := exec.CommandContext(t.Context(), "bash", "-c", "LC_ALL=C; printf %s "+shown).Output(); err != nil || string(out) != word || shown != message.Text(shown) {
			t.Errorf("%s is read as %q, want %q, error %v", shown, out, word, err)
		}
	}
	for _, word := range []string{"--out=runs/a-1", "1e-3", "bin/bnlab"} {
		if Quote(word) != word {
			t.Errorf("%s is quoted: %s", word, Quote(word))
		}
	}
}
