package main

import (
	"fmt"
	"io"
	"sync"

	"github.com/urfave/cli/v2"
)

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
		fmt.Fprintf(w, format+"\n", args...)
	}
}
