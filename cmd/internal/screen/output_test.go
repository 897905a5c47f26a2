package screen

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"
)

// A table keeps to the width of a terminal, says what it leaves out, and leaves out
// nothing where there is place, or no terminal.
func TestNarrow(t *testing.T) {
	header := []string{"group", "n", "accuracy", "loss"}
	rows := func() [][]string {
		return [][]string{{"3-layer", "5", "53.2 ± 0.4", "1.2"}, {"β", "12", "1", "1.25"}}
	}
	for _, test := range []struct {
		width    int
		has, out string
	}{
		{0, "accuracy loss", ""}, {31, "accuracy loss", ""}, {30, "accuracy", "loss"}, {22, "n", "loss, accuracy"}, {5, "n", "loss, accuracy"},
	} {
		var w bytes.Buffer
		Narrow(&w, test.width, header, rows(), "loss", "accuracy")
		lines := strings.Split(w.String(), "\n")
		if got := strings.Join(strings.Fields(lines[0]), " "); !strings.HasSuffix(got, test.has) {
			t.Errorf("width %d: columns %s, want … %s", test.width, got, test.has)
		}
		if got := strings.Contains(w.String(), "omitted to fit the terminal: "+test.out+" ("); got != (test.out != "") {
			t.Errorf("width %d:\n%s", test.width, &w)
		}
		if n := utf8.RuneCountInString(lines[1]); test.width > 5 && n > test.width {
			t.Errorf("width %d: lines of %d", test.width, n)
		}
	}
}
