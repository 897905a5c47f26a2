package fetch

import (
	"fmt"
	"io"
	"sync/atomic"
	"time"
)

// pace reads from the body of an answer and closes it when a window of time
// brings fewer than least bytes.
type pace struct {
	body   io.ReadCloser
	window time.Duration
	least  int64

	got   int64 // bytes in this window
	timer *time.Timer
	slow  atomic.Bool
}

func newPace(body io.ReadCloser, window time.Duration, least int64) *pace {
	p := &pace{body: body, window: window, least: least}
	p.timer = time.AfterFunc(window, func() {
		p.slow.Store(true)
		body.Close() // ends a Read that waits
	})
	return p
}

func (p *pace) Read(b []byte) (int, error) {
	n, err := p.body.Read(b)
	if p.got += int64(n); p.got >= p.least {
		p.got = 0
		p.timer.Reset(p.window)
	}
	if err != nil && err != io.EOF && p.slow.Load() {
		err = fmt.Errorf("too slow: fewer than %d bytes in %v", p.least, p.window)
	}
	return n, err
}

func (p *pace) stop() { p.timer.Stop() }
