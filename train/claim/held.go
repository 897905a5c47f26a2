package claim

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"path/filepath"
	"sync"
	"time"

	"bnlab/train/atomicfile"
)

// Held is a claim of this process. A nil *Held is the claim of one that works without:
// it is its own, and its methods do nothing.
type Held struct {
	path string
	lost func()
	stop chan struct{} // closed by Release
	done chan struct{} // closed when the last beat is over

	mu     sync.Mutex
	claim  Claim
	beaten time.Time // when the file was last known to be this claim
	over   bool      // it is lost or released

	begun   time.Time // of the first Progress
	resumed int       // steps at that time
}

// hold creates the file path, if it does not exist, for work of so many steps. lost is
// called, at most once and possibly by another goroutine, when another process has taken
// the claim over.
func hold(path string, of int, lost func()) (*Held, error) {
	h := &Held{path: path, lost: lost, stop: make(chan struct{}), done: make(chan struct{}), beaten: time.Now()}
	h.claim = Claim{Format: Format, Token: rand.Text(), Holder: self(), Since: time.Now().UTC().Truncate(time.Second), Progress: Progress{Of: of}}
	if err := atomicfile.Create(path, h.claim.encode()); err != nil {
		return nil, err
	}
	go h.beat()
	return h, nil
}

// Progress tells how many steps are done.
func (h *Held) Progress(steps int) {
	if h == nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.begun.IsZero() {
		h.begun, h.resumed = time.Now(), steps
	}
	h.claim.Steps = min(steps, h.claim.Of)
}

// beat changes the file until the claim is released or lost.
func (h *Held) beat() {
	defer close(h.done)
	ticks := time.NewTicker(Beat)
	defer ticks.Stop()
	for {
		select {
		case <-h.stop:
			return
		case <-ticks.C:
		}
		h.mu.Lock()
		own := h.renew()
		h.mu.Unlock()
		if !own {
			return
		}
	}
}

// Mine reports whether the claim is still this process's. While it beats in time that
// is known without looking, since no other takes it over.
func (h *Held) Mine() bool {
	if h == nil {
		return true
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	return !h.over && (time.Since(h.beaten) < 2*Beat || h.renew())
}

// confirm is Mine after looking.
func (h *Held) confirm() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return !h.over && h.renew()
}

// errOther says that the file is the claim of another process.
var errOther = errors.New("claimed by another process")

// renew writes the next beat, and reports whether the claim is still held. mu is held.
// A file that cannot be read or written now may still be this claim.
func (h *Held) renew() bool {
	h.claim.Beat++
	if spent := time.Since(h.begun).Seconds(); !h.begun.IsZero() && spent > 0 {
		h.claim.StepsPerSecond = float64(max(0, h.claim.Steps-h.resumed)) / spent
	}
	err := h.write()
	if errors.Is(err, fs.ErrNotExist) {
		// Another process may just put it back, see Watch.Take.
		time.Sleep(Beat / 50)
		err = h.write()
	}
	switch {
	case err == nil:
		h.beaten = time.Now()
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, errOther):
		h.over = true
		h.lost()
	}
	return !h.over
}

func (h *Held) write() error {
	return atomicfile.Update(h.path, size, func(old []byte) ([]byte, error) {
		if !h.owns(old) {
			return nil, errOther
		}
		return h.claim.encode(), nil
	})
}

func (h *Held) owns(content []byte) bool {
	c, err := parse(content)
	return err == nil && c.Token == h.claim.Token
}

// Release ends the claim and removes its file, if it is still this process's. What
// cannot be removed is found abandoned by others.
func (h *Held) Release() {
	if h == nil {
		return
	}
	close(h.stop)
	<-h.done
	h.mu.Lock()
	defer h.mu.Unlock()
	h.over = true
	if content, err := atomicfile.Head(h.path, size); err == nil && h.owns(content) {
		_ = atomicfile.Remove(h.path)
	}
}

// Clear removes, of the names in the folder dir, the claim file name and what killed
// processes have left of it, once the work is done.
func Clear(dir, name string, names []string) (err error) {
	for _, n := range names {
		if n == name || isAside(n, name) {
			err = errors.Join(err, atomicfile.Remove(filepath.Join(dir, n)))
		}
	}
	return err
}
