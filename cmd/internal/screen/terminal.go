// Package screen prints output: tables, colours, progress and notes for people, or one
// JSON object for programs.
package screen

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"golang.org/x/term"

	"bnlab/train/message"
)

// Checked forwards writes and keeps the first error, so that a result lost on a full
// disk does not count as success.
type Checked struct {
	io.Writer
	Lost error // the first that was met
}

// Write passes p on.
func (c *Checked) Write(p []byte) (int, error) {
	n, err := c.Writer.Write(p)
	if c.Lost == nil {
		c.Lost = err
	}
	return n, err
}

// Stat returns the FileInfo of the file written to.
func (c *Checked) Stat() (fs.FileInfo, error) {
	if f, ok := c.Writer.(*os.File); ok {
		return f.Stat()
	}
	return nil, errors.ErrUnsupported
}

// terminal returns the terminal behind w, nil if there is none.
func terminal(w io.Writer) *os.File {
	if c, ok := w.(*Checked); ok {
		w = c.Writer
	}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return f
	}
	return nil
}

// IsTerminal reports whether bars can be drawn on w: a dumb terminal gets lines.
func IsTerminal(w io.Writer) bool {
	return terminal(w) != nil && os.Getenv("TERM") != "dumb"
}

// Width returns how many characters fit on a line of w, 0 for no limit.
func Width(w io.Writer) int {
	columns, _ := Size(w)
	return columns
}

// Size returns how many characters fit on a line of the terminal w, and how many lines it
// has; 0 and 0 if that is not known.
func Size(w io.Writer) (columns, rows int) {
	f := terminal(w)
	if f == nil {
		return 0, 0
	}
	columns, rows, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0, 0
	}
	return columns, rows
}

// Colour is a text style on a terminal, by its ECMA-48 code (SGR).
type Colour string

// The styles of this program.
const (
	Strong Colour = "1"
	Bad    Colour = "1;31" // strong and red
	Good   Colour = "32"   // green
)

// Colourise returns text as w can show it: in colour only on a terminal.
func Colourise(w io.Writer, c Colour, text string) string {
	if !coloured(w) {
		return text
	}
	return "\x1b[" + string(c) + "m" + text + "\x1b[0m"
}

// coloured reports whether w shows colours: it is a terminal, not a dumb one, and
// the user has not forbidden them (no-color.org).
func coloured(w io.Writer) bool {
	return IsTerminal(w) && os.Getenv("NO_COLOR") == ""
}

// Note writes a line, in which file names and the content of records are plain text.
func Note(w io.Writer, format string, args ...any) {
	fmt.Fprintln(w, message.Text(fmt.Sprintf(format, args...)))
}
