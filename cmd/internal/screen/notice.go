package screen

import (
	"fmt"
	"io"
	"sync"

	"bnlab/train/message"
)

// Note writes a line, in which names of files and what records say are no more than
// text.
func Note(w io.Writer, format string, args ...any) {
	fmt.Fprintln(w, message.Text(fmt.Sprintf(format, args...)))
}

// Notices returns what writes such lines to w while p shows its progress there, above
// the bars where there are any. Several goroutines may call it at once.
func Notices(w io.Writer, p Progress) func(format string, args ...any) {
	if bars, ok := p.(io.Writer); ok {
		w = bars
	}
	var one sync.Mutex
	return func(format string, args ...any) {
		one.Lock()
		defer one.Unlock()
		Note(w, format, args...)
	}
}
