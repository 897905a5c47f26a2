package blas

import (
	"slices"
	"strings"
	"sync"
)

// The order in which a library sums an element of a product can depend on its position:
// kernels treat the last rows differently, small products have their own kernels, and
// each kernel is different. None of this is documented. So whether part of a product,
// computed alone, has the same bits as in the whole is tested by computing both, once
// per form of a product: the order does not depend on the values.

// partitionOf returns how to compute a product of form f in n parts with the bits of
// the whole: along the sums if they are long, else along the longer side of the result, or
// along the other.
func partitionOf[T Float](f form, n int) partition {
	f = f.clipped()
	return partitions.get(memoKey{f, n}, func() partition { return findPartition[T](f, n) })
}

func findPartition[T Float](f form, n int) partition {
	s := newSample[T](f)
	defer s.release()
	if f.k > 4*max(f.m, f.n) && !f.add { // and a sum is not -0
		for _, b := range blockings() {
			c := partition{parts: n, sums: b.bounds(f.k)}
			if len(c.sums) > n && s.agrees(c) {
				return c
			}
		}
	}
	columns := []partition{{parts: n, columns: true, step: 16}, {parts: n, columns: true, step: 64}}
	rows := []partition{{parts: n, step: 8}, {parts: n, step: 12}, {parts: n, step: 24}}
	first, then := columns, rows
	if 4*f.m >= f.n { // each part packs all of b, but its own rows of a alone
		first, then = rows, columns
	}
	for _, c := range append(first, then...) {
		length := f.m
		if c.columns {
			length = f.n
		}
		if c.bound(1, length) > 0 && s.agrees(c) {
			return c
		}
	}
	return whole
}

// clipped returns a form that a library treats like f, whose sample takes as little
// memory as possible.
func (f form) clipped() form {
	const most, period = 8192, 96 // more than the largest blocks; a multiple of all small ones
	clip := func(n int) int {
		if n > most+period {
			return most + n%period
		}
		return n
	}
	f.m, f.n = clip(f.m), clip(f.n)
	return f
}

// way is how the product of several blocks of rows is computed.
type way struct {
	together int  // the columns before this one with one product, the others with one per block
	alone    bool // each block has the bits that it has alone
}

// apartFrom is the number of rows from which a block is as fast alone as with others.
const apartFrom = 512

// wayOf returns the way to compute a product of form f whose rows are that many blocks:
// the fastest one that gives the bits of each block alone, if there is one.
func wayOf[T Float](f form, blocks int) way {
	if blocks == 1 || f.m/blocks >= apartFrom {
		return way{alone: true}
	}
	return ways.get(memoKey{f, blocks}, func() way { return findWay[T](f, blocks) })
}

// findWay first tries all columns together. If blocks of the usual shape agree and
// these do not, the difference is in the last columns, which a kernel treats
// differently if they do not fill one of its blocks: it tries fewer and fewer columns.
// If not even the usual shape agrees, the blocks are computed separately to keep the
// bits, unless that costs more than a tenth of the speed: AVX2 kernels compute so fast
// that packing the images once per block costs a quarter; AVX and SSE kernels, and pure
// Go, lose less. Those of rounded operands keep the bits at any cost.
func findWay[T Float](f form, blocks int) way {
	s := newSample[T](f)
	defer s.release()
	together := func(columns int) bool {
		return s.same(
			func(p *product[T]) { p.runPieces(blocks, 0) },
			func(p *product[T]) { p.runPieces(blocks, columns) })
	}
	if together(f.n) {
		return way{f.n, true}
	}
	if usual[T](f.half) {
		for eighths := 7; eighths >= 4; eighths-- { // fewer columns together gain nothing
			if columns := f.n * eighths / 8 / 16 * 16; columns > 0 && together(columns) {
				return way{columns, true}
			}
		}
		return way{alone: true}
	}
	b := Current()
	slow := f.half || b.Name == "gonum" || b.Name == "openblas" && slices.Contains([]width{sse, avx}, coreWidth[strings.ToLower(b.Core)])
	if slow {
		return way{alone: true}
	}
	return way{together: f.n}
}

// piece returns product i of those that compute p, whose rows are that many blocks: the
// product of all blocks for the columns before together, then one per block for the
// others.
func (p *product[T]) piece(blocks, together, i int) product[T] {
	piece, from, to := *p, together, p.c.Cols
	if i == 0 {
		from, to = 0, together
	} else {
		piece = p.part(partition{parts: blocks, step: 1}, i-1)
	}
	piece.b, piece.c = piece.b.block(p.tb == Trans, from, to), piece.c.ColBlock(from, to)
	return piece
}

func (p *product[T]) runPieces(blocks, together int) {
	for i := range blocks + 1 {
		if piece := p.piece(blocks, together, i); piece.c.Cols > 0 {
			piece.run()
		}
	}
}

// usual reports whether blocks of 50 units agree on 100 images, in both products of a
// first layer.
func usual[T Float](half bool) bool {
	for _, f := range firstLayer[T](150, half) {
		s := newSample[T](f)
		defer s.release()
		if !s.agrees(partition{parts: 3, step: 1}) {
			return false
		}
	}
	return true
}

// firstLayer returns the forms of both products of a first layer with that many units,
// on 100 images of few numbers.
func firstLayer[T Float](units int, half bool) []form {
	return []form{
		form{bits: Bits[T](), half: half, ta: NoTrans, tb: Trans, m: units, n: 100, k: 512, one: true}.tight(),
		form{bits: Bits[T](), half: half, ta: NoTrans, tb: NoTrans, m: units, n: 512, k: 100, one: true, keep: true, add: true}.tight(),
	}
}

// memoKey is a form and the number of parts or blocks.
type memoKey struct {
	form
	parts int
}

// memo caches test results.
type memo[V any] struct {
	sync.RWMutex
	of map[memoKey]V
}

var (
	partitions = memo[partition]{of: map[memoKey]partition{}}
	ways       = memo[way]{of: map[memoKey]way{}}
)

// get returns the cached result, or computes it; two concurrent calls may both compute
// it.
func (m *memo[V]) get(key memoKey, find func() V) V {
	m.RLock()
	v, ok := m.of[key]
	m.RUnlock()
	if !ok {
		v = find()
		m.Lock()
		m.of[key] = v
		m.Unlock()
	}
	return v
}

func (m *memo[V]) clear() {
	m.Lock()
	clear(m.of)
	m.Unlock()
}
