package blas

import (
	"sync"
	"sync/atomic"
	"time"
)

// A training step on several threads has a dozen pieces of work to share, some shorter than
// tens of microseconds that waking another core takes. So a helper that has nothing to do
// looks for the next piece for a moment before it sleeps, as the threads of OpenMP do, and
// what no helper has begun its caller does.

// patience is how long a helper, or a caller whose helper is still at work, looks before it
// sleeps: longer than the passes between two products.
const patience = 200 * time.Microsecond

// together calls do for the parts from 0 up to parts, the first here, the others on helpers,
// and returns when all have ended. If an engine fails in one of them it panics here, where
// that can be recovered from.
func together(parts int, do func(share int)) {
	c := takeCrew(parts - 1)
	defer c.leave()
	if err := c.run(parts, do); err != nil {
		panic(err)
	}
}

// crew are the helpers of one caller at a time.
type crew struct{ helpers []*helper }

// crews are those that nobody has.
var crews struct {
	sync.Mutex
	free []*crew
}

func takeCrew(helpers int) *crew {
	crews.Lock()
	c := &crew{}
	if last := len(crews.free) - 1; last >= 0 {
		c, crews.free = crews.free[last], crews.free[:last]
	}
	crews.Unlock()
	for len(c.helpers) < helpers {
		h := &helper{woken: make(chan struct{}, 1), freed: make(chan struct{}, 1)}
		c.helpers = append(c.helpers, h)
		go h.help()
	}
	return c
}

func (c *crew) leave() {
	crews.Lock()
	crews.free = append(crews.free, c)
	crews.Unlock()
}

// run calls do for all parts, and returns the error of one whose engine has failed. If do
// panics here it does once no helper is at work any more.
func (c *crew) run(parts int, do func(share int)) (err error) {
	helpers := c.helpers[:parts-1]
	for i, h := range helpers {
		h.post(do, i+1)
	}
	defer func() {
		for _, h := range helpers {
			if failure := h.end(); err == nil {
				err = failure
			}
		}
	}()
	do(0)
	for i, h := range helpers {
		if h.takeBack() {
			do(i + 1)
		}
	}
	return nil
}

// helper is a goroutine that does parts of the work of its crew's caller.
type helper struct {
	state    atomic.Int32 // resting to busy
	progress atomic.Int32 // of its share: open to ended

	do     func(share int)
	number int   // of the part
	err    error // with which it has failed

	woken chan struct{} // by a post while asleep
	freed chan struct{} // by the end of a part that is awaited
}

// What a helper is at, and what its part.
const (
	resting int32 = iota
	asleep        // resting, and to be woken
	posted        // there is a part, which nobody has begun
	busy          // with it

	open    int32 = iota
	awaited       // by a caller that sleeps
	ended
)

// post has the helper do a part.
func (h *helper) post(do func(share int), number int) {
	h.do, h.number, h.err = do, number, nil
	h.progress.Store(open)
	if h.state.Swap(posted) == asleep {
		h.woken <- struct{}{}
	}
}

// takeBack reports whether nobody has begun the part, and if so nobody will.
func (h *helper) takeBack() bool {
	mine := h.state.CompareAndSwap(posted, resting)
	if mine {
		h.progress.Store(ended)
	}
	return mine
}

// end waits until the part has ended, and returns what it has failed with.
func (h *helper) end() error {
	if !h.takeBack() && !look(&h.progress, ended) && h.progress.CompareAndSwap(open, awaited) {
		<-h.freed
	}
	h.do = nil // and the memory that it keeps
	return h.err
}

// help does one part after another.
func (h *helper) help() {
	for {
		if !look(&h.state, posted) && h.state.CompareAndSwap(resting, asleep) {
			<-h.woken
		}
		if h.state.CompareAndSwap(posted, busy) {
			h.try()
			h.state.Store(resting)
			if h.progress.Swap(ended) == awaited {
				h.freed <- struct{}{}
			}
		}
	}
}

func (h *helper) try() {
	defer func() { h.err = Failure(recover()) }()
	h.do(h.number)
}

// look reports whether something has come to a state, within patience.
func look(at *atomic.Int32, state int32) bool {
	for start := time.Now(); time.Since(start) < patience; {
		for range 50 {
			if at.Load() == state {
				return true
			}
		}
	}
	return at.Load() == state
}
