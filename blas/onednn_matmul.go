//go:build cgo && onednn && linux

package blas

import (
	"sync"

	"gonum.org/v1/gonum/blas/blas32"
)

// matmuls are oneDNN's primitives for products in bfloat16, made once for each shape and
// layout and kept: making one takes longer than a product.
type matmuls struct {
	mu      sync.Mutex
	idle    map[matmulKey][]*matmul
	refused map[matmulKey]bool
	count   int // of idle ones
}

// mostKept is the largest number of idle primitives. A training has a dozen; many
// trainings of other shapes would add theirs for ever.
const mostKept = 128

// matmulKey is all that a primitive is made for.
type matmulKey struct {
	ta, tb        Transpose
	add           bool // to what is there
	m, n, k       int
	lda, ldb, ldc int
}

// gemmHalf computes p, whose operands are rounded, or returns false for a product that is
// left to the library.
func (e *oneDNN) gemmHalf(p *product[float32]) bool {
	f := p.form()
	if !e.half || f.flops() < worthEngine/16 { // below which widening is cheaper
		return false
	}
	a, b := p.a.half, p.b.half
	key := matmulKey{f.ta, f.tb, f.add, f.m, f.n, f.k, a.Stride, b.Stride, p.c.Stride}
	m := e.take(key)
	if m == nil {
		return false
	}
	if f.add && !f.keep {
		for i := range f.m {
			blas32.Scal(p.beta, blas32.Vector{N: f.n, Inc: 1, Data: p.c.Row(i)})
		}
	}
	status := runMatmul(m, a, b, p.c)
	e.give(key, m)
	e.check(status)
	return true
}

// take returns a primitive for the key that nobody else has, or nil if the library has
// none.
func (e *oneDNN) take(key matmulKey) *matmul {
	m, refused := e.kept(key)
	if m != nil || refused {
		return m
	}
	const unimplemented = 3
	m, status := newMatmul(key)
	if status == unimplemented {
		e.mu.Lock()
		e.refused[key] = true
		e.mu.Unlock()
		return nil
	}
	e.check(status)
	return m
}

// kept returns an idle primitive, if there is one, or that the library has none.
func (e *oneDNN) kept(key matmulKey) (m *matmul, refused bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if idle := e.idle[key]; len(idle) > 0 {
		m = idle[len(idle)-1]
		e.idle[key] = idle[:len(idle)-1]
		e.count--
	}
	return m, e.refused[key]
}

// give takes a primitive back. Where there are too many, all that are idle go: those still
// in use come back.
func (e *oneDNN) give(key matmulKey, m *matmul) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.count >= mostKept {
		for _, idle := range e.idle {
			for _, m := range idle {
				freeMatmul(m)
			}
		}
		clear(e.idle)
		clear(e.refused)
		e.count = 0
	}
	e.idle[key] = append(e.idle[key], m)
	e.count++
}
