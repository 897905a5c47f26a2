package screen

import (
	"bytes"
	"io"
	"testing"
	"time"
)

// The meter tells the rate of the last seconds, and by it the time left.
func TestMeter(t *testing.T) {
	start := time.Now()
	var m meter
	at := func(seconds float64, done int64, want string) {
		t.Helper()
		m.set(done, 100e6, start.Add(time.Duration(seconds*float64(time.Second))))
		if got := m.String(); got != want {
			t.Errorf("after %v s: %q, want %q", seconds, got, want)
		}
	}
	at(0, 20e6, "20.0 MB of 100.0 MB, 20 %") // an earlier fetch's
	at(0.5, 21e6, "21.0 MB of 100.0 MB, 21 %")
	at(2, 24e6, "24.0 MB of 100.0 MB, 24 %, 2.0 MB/s, 38s left")
	at(4, 28e6, "28.0 MB of 100.0 MB, 28 %, 2.0 MB/s, 36s left")
	at(14, 28e6, "28.0 MB of 100.0 MB, 28 %, 735.8 kB/s, 1m38s left")
	at(15, 0, "0.0 kB of 100.0 MB, 0 %, 735.8 kB/s, 2m16s left") // begun anew
	m.set(5e6, 0, start)
	if got := m.String(); got != "5.0 MB, 735.8 kB/s" {
		t.Errorf("without a total: %q", got)
	}
}

// Lines come every few seconds, notes at once; a bar takes a whole download, one
// that begins anew, and none.
func TestFetchProgress(t *testing.T) {
	var w bytes.Buffer
	l := newFetchProgress(&w, false, false, 4e6)
	l.Progress(1e6, 4e6)
	l.Note("asking")
	l.next = time.Time{}
	l.Progress(2e6, 4e6)
	l.Progress(3e6, 4e6)
	if got := w.String(); got != "asking\n2.0 MB of 4.0 MB, 50 %\n" {
		t.Errorf("got %q", got)
	}
	for _, steps := range [][]int64{{}, {1, 2, 3, 4}, {3, 4, 0, 1}} {
		b := newFetchProgress(io.Discard, false, true, 4)
		for _, done := range steps {
			b.Progress(done, 4)
			b.Note("note")
		}
		closed := make(chan bool)
		go func() { b.Close(); close(closed) }()
		select {
		case <-closed:
		case <-time.After(20 * time.Second):
			t.Fatalf("%v: close hangs", steps)
		}
	}
}
