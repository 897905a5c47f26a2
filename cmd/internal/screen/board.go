package screen

import (
	"io"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// board is where progress is shown: bars on a terminal, a plain line every few seconds
// elsewhere, nothing with --quiet.
type board struct {
	mu    sync.Mutex // of all that bars tell; not held while mpb is called, which asks for it
	w     io.Writer
	quiet bool
	next  time.Time // of the next line

	layout layout
	pool   *mpb.Progress // nil where there are no bars
	bars   []*mpb.Bar
}

// lineEvery is the time between two lines.
const lineEvery = 5 * time.Second

func (b *board) open(w io.Writer, quiet, bars bool) {
	b.w, b.quiet, b.next = w, quiet, time.Now().Add(lineEvery)
	b.layout = layoutOf(200) // of plain lines, which may be long
	if bars && !quiet {
		b.layout = layoutOf(Width(w))
		b.pool = mpb.New(mpb.WithOutput(w), mpb.WithWidth(b.layout.bar))
	}
}

// add draws a bar of that total, with a text behind it; none where there are no bars.
func (b *board) add(name string, total int64, text func(decor.Statistics) string, options ...mpb.BarOption) *mpb.Bar {
	if b.pool == nil {
		return nil
	}
	behind := decor.Any(func(s decor.Statistics) string {
		b.mu.Lock()
		defer b.mu.Unlock()
		return text(s)
	})
	options = append(options, mpb.PrependDecorators(decor.Name(name, decor.WCSyncSpaceR)), mpb.AppendDecorators(behind))
	style := mpb.BarFillerBuilder(mpb.BarStyle())
	if b.layout.bar == 0 {
		style = mpb.NopStyle()
	}
	bar := b.pool.New(total, style, options...)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.bars = append(b.bars, bar)
	return bar
}

// lineDue reports whether it is time for a line; mu is held.
func (b *board) lineDue() bool {
	now := time.Now()
	if b.quiet || b.pool != nil || now.Before(b.next) {
		return false
	}
	b.next = now.Add(lineEvery)
	return true
}

// Write writes other lines: above the bars, or between the lines of the progress.
func (b *board) Write(p []byte) (int, error) {
	if b.pool != nil {
		return b.pool.Write(p)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.w.Write(p)
}

// Close takes the bars away.
func (b *board) Close() {
	if b.pool == nil {
		return
	}
	for _, bar := range b.bars {
		bar.Abort(true)
	}
	b.pool.Wait()
}
