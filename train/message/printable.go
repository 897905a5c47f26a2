// Text from elsewhere, as the names in a record or of a file, is kept from doing more
// than being shown: a terminal obeys control characters, and a spreadsheet computes
// what looks like a formula.

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

// Printable tells whether text is shown as it is, in one line.
func Printable(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) })
}

// Text returns the text with what is not shown as it is, such as control characters
// and marks that turn the direction of writing, as escapes of Go.
func Text(text string) string {
	if Printable(text) {
		return text
	}
	quoted := strconv.Quote(text)
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
}

// JSON returns a JSON text with what is not shown as it is, line breaks apart, as
// escapes of JSON: the same values. encoding/json writes the control characters of
// ASCII so, and no others.
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

// Cell returns Text for a text column of a CSV file. What a spreadsheet would take
// for a formula gets an apostrophe in front, which spreadsheets take for "text
// follows". Some take the wide forms of East Asia for the signs.
func Cell(text string) string {
	text = Text(text)
	if strings.IndexAny(strings.TrimLeft(text, " '"), "=+-@＝＋－＠") == 0 {
		return "'" + text
	}
	return text
}
