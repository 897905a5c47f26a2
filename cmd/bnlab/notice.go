package main

import (
	"fmt"
	"io"
	"sync"

	"github.com/urfave/cli/v2"
)

// note writes a line to stderr, of which the names of files and what records say are
// no more than text.
func note(ctx *cli.Context, format string, args ...any) { noteTo(ctx.App.ErrWriter, format, args...) }

func noteTo(w io.Writer, format string, args ...any) {
	fmt.Fprintln(w, visible(fmt.Sprintf(format, args...)))
}

// noticeTo returns what writes a line to stderr while p shows the progress there,
// above the bars where there are any. Several goroutines may call it at once.
func noticeTo(ctx *cli.Context, p progress) func(format string, args ...any) {
	w := ctx.App.ErrWriter
	if bars, ok := p.(io.Writer); ok {
		w = bars
	}
	var one sync.Mutex
	return func(format string, args ...any) {
		one.Lock()
		defer one.Unlock()
		noteTo(w, format, args...)
	}
}
