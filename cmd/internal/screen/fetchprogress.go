package screen

import (
	"fmt"
	"io"
	"math"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"bnlab/cifar/fetch"
)

// FetchProgress shows a download on stderr: a bar on a terminal, a plain line
// every few seconds elsewhere, nothing with --quiet.
type FetchProgress interface {
	fetch.Observer
	Close()
}

// NewFetchProgress returns that of a download of so many bytes; 0 where nobody knows.
func NewFetchProgress(w io.Writer, quiet bool, total int64) FetchProgress {
	switch {
	case quiet:
		return fetchSilent{}
	case IsTerminal(w):
		return newFetchBar(w, total)
	}
	return &fetchLines{w: w, next: time.Now().Add(lineEvery)}
}

type fetchSilent struct{}

func (fetchSilent) Progress(int64, int64) {}
func (fetchSilent) Note(string)           {}
func (fetchSilent) Close()                {}

// meter tells how much of a download is there, how fast it comes and when it will
// be whole.
type meter struct {
	done, total int64
	rate        float64 // bytes a second, of the last ten seconds or so; 0 at first

	from int64 // done at that time
	at   time.Time
}

// meterSpan is the time over which the rate is smoothed.
const meterSpan = 10 * time.Second

func (m *meter) set(done, total int64, now time.Time) {
	m.done, m.total = done, total
	if m.at.IsZero() || done < m.from { // the start, or a new one
		m.from, m.at = done, now
		return
	}
	passed := now.Sub(m.at)
	if passed < time.Second {
		return
	}
	rate := float64(done-m.from) / passed.Seconds()
	if m.rate == 0 {
		m.rate = rate
	} else {
		m.rate += (rate - m.rate) * -math.Expm1(-passed.Seconds()/meterSpan.Seconds())
	}
	m.from, m.at = done, now
}

func (m *meter) String() string {
	text := Bytes(m.done)
	if m.total > 0 {
		text = fmt.Sprintf("%s of %s, %.0f %%", text, Bytes(m.total), 100*float64(m.done)/float64(m.total))
	}
	if m.rate == 0 {
		return text
	}
	text += fmt.Sprintf(", %s/s", Bytes(int64(m.rate)))
	if m.total > 0 {
		left := time.Duration(float64(m.total-m.done) / m.rate * float64(time.Second))
		text += fmt.Sprintf(", %v left", left.Round(time.Second))
	}
	return text
}

// Bytes writes a number of bytes as 170.1 MB.
func Bytes(n int64) string {
	if n < 1e6 {
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}

// fetchLines writes a line every few seconds.
type fetchLines struct {
	w     io.Writer
	meter meter
	next  time.Time
}

func (l *fetchLines) Progress(done, total int64) {
	now := time.Now()
	l.meter.set(done, total, now)
	if now.Before(l.next) {
		return
	}
	l.next = now.Add(lineEvery)
	fmt.Fprintln(l.w, &l.meter)
}

func (l *fetchLines) Note(line string) { fmt.Fprintln(l.w, line) }
func (l *fetchLines) Close()           {}

// fetchBar draws a bar, and notes above it.
type fetchBar struct {
	mu    sync.Mutex
	meter meter
	pool  *mpb.Progress
	bar   *mpb.Bar
}

func newFetchBar(w io.Writer, total int64) *fetchBar {
	b := &fetchBar{pool: mpb.New(mpb.WithOutput(w), mpb.WithWidth(40))}
	b.meter.total = total
	b.bar = b.pool.AddBar(0, // so that it does not end by itself: a download may start anew
		mpb.PrependDecorators(decor.Name("CIFAR-10 ")),
		mpb.AppendDecorators(decor.Any(func(decor.Statistics) string {
			b.mu.Lock()
			defer b.mu.Unlock()
			return " " + b.meter.String()
		})))
	b.bar.SetTotal(total, false)
	return b
}

func (b *fetchBar) Progress(done, total int64) {
	b.mu.Lock()
	b.meter.set(done, total, time.Now())
	b.mu.Unlock()
	b.bar.SetTotal(total, false)
	b.bar.SetCurrent(done)
}

func (b *fetchBar) Note(line string) { fmt.Fprintln(b.pool, line) }

func (b *fetchBar) Close() {
	b.bar.Abort(true)
	b.pool.Wait()
}
