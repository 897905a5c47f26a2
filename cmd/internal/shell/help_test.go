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

// A name that leaves no room has a line of its own.
func TestEntry(t *testing.T) {
	for name, want := range map[string]string{
		"--ns N":       "  --ns N      half a\n              cycle\n",
		"--eta-max RR": "  --eta-max RR\n              half a\n              cycle\n",
	} {
		var w strings.Builder
		helpText{&w, 21}.entry(name, "half a cycle", 14)
		if w.String() != want {
			t.Errorf("%s:\n%q, want\n%q", name, w.String(), want)
		}
	}
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
