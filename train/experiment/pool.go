package experiment

import (
	"context"
	"sync"
	"time"

	"bnlab/train/claim"
)

// pool holds the units of a run that have no outcome yet and that no worker of this
// process has in hand.
type pool struct {
	mu   sync.Mutex
	free [][]int        // not tried yet, in the plan's order
	busy []*pendingUnit // other processes train them
}

// pendingUnit is a unit without an outcome.
type pendingUnit struct {
	unit  []int
	watch claim.Watch // of the claim of another process
	since time.Time   // it was first met
	due   time.Time   // of the next look at it

	held *claim.Held  // the claim of this process
	keep func() error // keeps the outcomes, before the claim is released; nil until they are there
}

// take returns the next unit: one that was not tried yet, else one of another process
// when it is due for a look, for which it waits. It returns nil if there are no more, or
// ctx has ended.
func (p *pool) take(ctx context.Context, waiting func([]*pendingUnit)) *pendingUnit {
	for ctx.Err() == nil {
		u, wait := p.next()
		if u == nil || wait <= 0 {
			return u
		}
		p.mu.Lock()
		waiting(p.busy)
		p.mu.Unlock()
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
	return nil
}

// next takes the next unit out of the pool, or returns how long to wait for it, or nil.
func (p *pool) next() (*pendingUnit, time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.free) > 0 {
		unit := p.free[0]
		p.free = p.free[1:]
		return &pendingUnit{unit: unit}, 0
	}
	if len(p.busy) == 0 {
		return nil, 0
	}
	first := 0
	for i, u := range p.busy {
		if u.due.Before(p.busy[first].due) {
			first = i
		}
	}
	u := p.busy[first]
	wait := time.Until(u.due)
	if wait <= 0 {
		p.busy[first] = p.busy[len(p.busy)-1]
		p.busy = p.busy[:len(p.busy)-1]
	}
	return u, wait
}

// watch looks at the claims of other processes at every beat while units train, so that
// those that are abandoned meanwhile are known as such when a worker comes to them.
func (p *pool) watch(ctx context.Context) {
	ticks := time.NewTicker(claim.Beat)
	defer ticks.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
		}
		p.mu.Lock()
		for _, u := range p.busy {
			_, _ = u.watch.Look() // the worker that comes to it meets an error too
		}
		p.mu.Unlock()
	}
}

// putBack returns a unit that another process trains. It is looked at again soon, and
// less often the longer that takes.
func (p *pool) putBack(u *pendingUnit) {
	now := time.Now()
	if u.since.IsZero() {
		u.since = now
	}
	u.due = now.Add(min(claim.Beat, max(claim.Beat/50, now.Sub(u.since)/10)))
	p.mu.Lock()
	defer p.mu.Unlock()
	p.busy = append(p.busy, u)
}
