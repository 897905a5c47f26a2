// Package screen shows things to people: tables, colours, progress, notes, or one JSON
// object for programs.
package screen

import (
	"io"
	"os"
)

// Colour is a way to show text on a terminal, by its code in ECMA-48 (SGR).
type Colour string

// The ways of this program.
const (
	Strong Colour = "1"
	Bad    Colour = "1;31" // strong and red
	Good   Colour = "32"   // green
)

// Colourise returns text as w can show it: in colour on a terminal alone.
func Colourise(w io.Writer, c Colour, text string) string {
	if !coloured(w) {
		return text
	}
	return "\x1b[" + string(c) + "m" + text + "\x1b[0m"
}

// coloured tells whether w shows colours: it is a terminal, not a dumb one, and
// the user has not forbidden them (no-color.org).
func coloured(w io.Writer) bool {
	return IsTerminal(w) && os.Getenv("NO_COLOR") == ""
}
