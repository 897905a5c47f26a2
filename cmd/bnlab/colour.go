package main

import (
	"io"
	"os"

	"golang.org/x/term"
)

// colour is a way to show text on a terminal, by its code in ECMA-48 (SGR).
type colour string

const (
	strong colour = "1"
	bad    colour = "1;31" // strong and red
	good   colour = "32"   // green
)

// paint returns text as w can show it: in colour on a terminal alone.
func paint(w io.Writer, c colour, text string) string {
	if !coloured(w) {
		return text
	}
	return "\x1b[" + string(c) + "m" + text + "\x1b[0m"
}

// coloured tells whether w shows colours: it is a terminal, not a dumb one, and
// the user has not forbidden them (no-color.org).
func coloured(w io.Writer) bool {
	return isTerminal(w) && os.Getenv("NO_COLOR") == ""
}

// terminal returns the terminal behind w, nil where there is none.
func terminal(w io.Writer) *os.File {
	if c, ok := w.(*checked); ok {
		w = c.Writer
	}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return f
	}
	return nil
}
