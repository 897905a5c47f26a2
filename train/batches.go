package train

import (
	"fmt"
	"runtime/debug"

	"bnlab/blas"
	"bnlab/model"
)

// batches hands out the mini-batches of a training in order, prefetched by one on
// another core if asked to.
type batches[T blas.Float] struct {
	source Source[T]
	half   HalfSource // nil where the network is not given rounded images
	order  *order
	change Augmentation
	slots  [2]batch[T] // update t has slot t mod 2
	last   int         // number of updates

	ask  chan int    // updates to gather ahead; nil to gather when asked
	done chan string // for each, what it panicked with
}

// batch is a mini-batch: x (n×d), or in place of it half (blas.HalfDepth(n)×d), rounded and
// with zeros from row n on, and its labels (n).
type batch[T blas.Float] struct {
	x      blas.Matrix[T]
	half   blas.Matrix[blas.Half]
	labels []uint8
}

// newBatches returns those of updates first to last. With half they are rounded, if the
// source can do that and nothing changes the images before.
func newBatches[T blas.Float](source Source[T], order *order, change Augmentation, half bool, dim, first, last int, ahead bool) *batches[T] {
	b := &batches[T]{source: source, order: order, change: change, last: last}
	if can, ok := source.(HalfSource); ok && half && !change.on() && change.InputDropout == 0 {
		b.half = can
	}
	for i := range b.slots {
		b.slots[i] = b.newBatch(dim)
		if !ahead {
			b.slots[1] = b.slots[0]
			return b
		}
	}
	b.ask, b.done = make(chan int, 1), make(chan string, 1)
	go func() {
		for t := range b.ask {
			b.done <- b.try(t)
		}
	}()
	b.ask <- first
	return b
}

func (b *batches[T]) newBatch(dim int) (of batch[T]) {
	of.labels = make([]uint8, b.order.batch)
	if b.half != nil {
		of.half = blas.New[blas.Half](blas.HalfDepth(b.order.batch), dim)
	} else {
		of.x = blas.NewSpaced[T](b.order.batch, dim)
	}
	return of
}

// close ends the gathering ahead.
func (b *batches[T]) close() {
	if b.ask != nil {
		close(b.ask)
	}
}

func (b *batches[T]) gather(t int) {
	slot := b.slots[t%2]
	index := b.order.at(t)
	if b.half != nil {
		b.half.GatherHalf(slot.half.RowBlock(0, len(index)), slot.labels, index)
		return
	}
	b.source.Gather(slot.x, slot.labels, index)
	if b.change.on() {
		augment(b.change, b.order.seed, t/b.order.perEpoch(), index, slot.x)
	}
	if p := b.change.InputDropout; p > 0 {
		blas.Dropout(model.MaskKey(b.order.seed, int64(t), model.InputMask), p, slot.x)
	}
}

// try is gather for its own goroutine. It returns what gather panicked with and where,
// so that the training fails and not the process.
func (b *batches[T]) try(t int) (failure string) {
	defer func() {
		if p := recover(); p != nil {
			failure = fmt.Sprintf("%v\n%s", p, debug.Stack())
		}
	}()
	b.gather(t)
	return ""
}

// at returns the mini-batch of update t, which must increase by one from call to call,
// starting at first. It is valid until the next call.
func (b *batches[T]) at(t int) batch[T] {
	if b.ask == nil {
		b.gather(t)
		return b.slots[t%2]
	}
	if failure := <-b.done; failure != "" {
		panic(failure)
	}
	if t+1 < b.last {
		b.ask <- t + 1
	}
	return b.slots[t%2]
}
