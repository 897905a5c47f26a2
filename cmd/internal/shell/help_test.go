package shell

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

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

func TestPlain(t *testing.T) {
	for text, want := range map[string]string{
		`a\b`: `a\eb`, "-x": `\-x`, ".TH": `\&.TH`, "'quoted'": `\&'quoted'`, "a\n.b": "a .b",
	} {
		if got := plain(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}
