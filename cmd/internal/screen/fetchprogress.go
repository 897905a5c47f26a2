package screen

import (
	"fmt"
	"io"
	"math"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// FetchProgress shows a download on stderr, as a fetch.Observer.
type FetchProgress struct {
	board
	meter meter
	bar   *mpb.Bar
}

// NewFetchProgress returns the progress of a download of that many bytes; 0 if unknown.
func NewFetchProgress(w io.Writer, quiet bool, total int64) *FetchProgress {
	return newFetchProgress(w, quiet, IsTerminal(w), total)
}

func newFetchProgress(w io.Writer, quiet, bars bool, total int64) *FetchProgress {
	p := &FetchProgress{meter: meter{total: total}}
	p.open(w, quiet, bars)
	// A bar of total 0 does not end by itself: a download may start anew.
	if p.bar = p.add("CIFAR-10", 0, func(decor.Statistics) string { return " " + p.meter.String() }); p.bar != nil {
		p.bar.SetTotal(total, false)
	}
	return p
}

// Progress is called when bytes have arrived.
func (p *FetchProgress) Progress(done, total int64) {
	p.mu.Lock()
	p.meter.set(done, total, time.Now())
	if p.lineDue() {
		fmt.Fprintln(p.w, &p.meter)
	}
	p.mu.Unlock()
	if p.bar != nil {
		p.bar.SetTotal(total, false)
		p.bar.SetCurrent(done)
	}
}

// Note is called with a line about an event.
func (p *FetchProgress) Note(line string) {
	if !p.quiet {
		fmt.Fprintln(p, line)
	}
}

// meter measures how much of a download is done, its rate and the time left.
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
