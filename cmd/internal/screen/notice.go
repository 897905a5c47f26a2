package screen

import (
	"fmt"
	"io"

	"bnlab/train/message"
)

// Note writes a line, in which names of files and what records say are no more than
// text.
func Note(w io.Writer, format string, args ...any) {
	fmt.Fprintln(w, message.Text(fmt.Sprintf(format, args...)))
}
