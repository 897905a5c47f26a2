// Foreign text, such as names in a record or of a file, must only be shown: a terminal
// obeys control characters, and a spreadsheet evaluates what looks like a formula.

package message

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Printable reports whether text is shown unchanged, on one line.
func Printable(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) })
}

// Text returns the text with everything that is not printable, such as control
// characters and marks that change the text direction, as Go escapes.
func Text(text string) string {
	if Printable(text) {
		return text
	}
	quoted := strconv.Quote(text)
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
}

// JSON returns a JSON text with everything that is not printable, except line breaks,
// as JSON escapes: the values are the same. encoding/json escapes only the ASCII
// control characters.
func JSON(text []byte) []byte {
	shown := func(r rune) bool { return unicode.IsPrint(r) || r == '\n' || r == utf8.RuneError }
	if !bytes.ContainsFunc(text, func(r rune) bool { return !shown(r) }) {
		return text
	}
	var out []byte
	for _, r := range string(text) {
		if shown(r) {
			out = utf8.AppendRune(out, r)
			continue
		}
		for _, unit := range utf16.AppendRune(nil, r) {
			out = fmt.Appendf(out, "\\u%04x", unit)
		}
	}
	return out
}

// Cell returns Text for a text column of a CSV file. What a spreadsheet would take for
// a formula is prefixed with an apostrophe, which marks text. Some spreadsheets also
// accept the East Asian wide forms of the signs.
func Cell(text string) string {
	text = Text(text)
	if strings.IndexAny(strings.TrimLeft(text, " '"), "=+-@＝＋－＠") == 0 {
		return "'" + text
	}
	return text
}
