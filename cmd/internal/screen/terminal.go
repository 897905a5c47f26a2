package screen

import (
	"errors"
	"io"
	"io/fs"
	"os"

	"golang.org/x/term"
)

// Checked passes on what is written and keeps the first error, so that a result
// that was lost on a full disk is not taken for a success.
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

// Stat returns what the machine knows of the file that is written to.
func (c *Checked) Stat() (fs.FileInfo, error) {
	if f, ok := c.Writer.(*os.File); ok {
		return f.Stat()
	}
	return nil, errors.ErrUnsupported
}

// terminal returns the terminal behind w, nil where there is none.
func terminal(w io.Writer) *os.File {
	if c, ok := w.(*Checked); ok {
		w = c.Writer
	}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return f
	}
	return nil
}

// IsTerminal tells whether bars can be drawn on w: lines will do for a dumb one.
func IsTerminal(w io.Writer) bool {
	return terminal(w) != nil && os.Getenv("TERM") != "dumb"
}

// Width returns how many letters a line of w has place for, 0 for any number.
func Width(w io.Writer) int {
	f := terminal(w)
	if f == nil {
		return 0
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return width
}
