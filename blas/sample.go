package blas

import (
	"math/rand/v2"
	"slices"
)

// sample is a product of some form, with values that reveal a different order of
// summation: all terms of an element have one sign in the first half of its sum and the
// other in the second, so that rounding errors are large compared with the result.
type sample[T Float] struct {
	product[T]
	parts   Matrix[T] // c once more
	random  *rand.PCG
	numbers []T
	rounds  int // how often to compare: a few small products may agree by chance
}

func newSample[T Float](f form) *sample[T] {
	s := &sample[T]{random: rand.NewPCG(uint64(f.m), uint64(f.n)), parts: New[T](f.m, f.n)}
	s.rounds = int(min(64, max(1, 4e6/f.flops())))
	s.product = product[T]{ta: f.ta, tb: f.tb, alpha: 1, a: operand[T](f.ta, f.m, f.k), b: operand[T](f.tb, f.k, f.n), c: New[T](f.m, f.n)}
	if !f.one {
		s.alpha = -0.01
	}
	if f.add {
		s.beta = 0.99
	}
	if f.keep {
		s.beta = 1
	}
	return s
}

// operand returns a matrix whose op is rows×cols, with padded rows as in mini-batches.
func operand[T Float](op Transpose, rows, cols int) Matrix[T] {
	if op == Trans {
		rows, cols = cols, rows
	}
	return NewSpaced[T](rows, cols)
}

// fill sets the rows of m to parts of one row of numbers from 1 to 2, each from a
// different offset, negative in the second half of the sums if signs is set.
func (s *sample[T]) fill(m Matrix[T], signs bool, op Transpose) {
	const places = 4099 // a prime
	for len(s.numbers) < places+m.Cols {
		s.numbers = append(s.numbers, 1+T(s.random.Uint64()>>12)*0x1p-52)
	}
	for i := range m.Rows {
		row, from := m.Row(i), int(s.random.Uint64()%places)
		copy(row, s.numbers[from:])
		negative := row[len(row)/2:]
		if op == Trans {
			negative = row
		}
		if signs && (op == NoTrans || i >= m.Rows/2) {
			for j := range negative {
				negative[j] = -negative[j]
			}
		}
	}
}

// agrees reports whether the parts of a partition have the bits of the whole.
func (s *sample[T]) agrees(c partition) bool {
	return s.same((*product[T]).run, func(p *product[T]) { p.runParts(c) })
}

// same reports whether two ways to compute the sample give the same bits.
func (s *sample[T]) same(one, other func(*product[T])) bool {
	parts := s.product
	parts.c = s.parts
	for range s.rounds {
		s.fill(s.a, true, s.ta)
		s.fill(s.b, false, s.tb)
		clear(s.c.Data)
		clear(s.parts.Data)
		one(&s.product)
		other(&parts)
		if !slices.Equal(s.c.Data, s.parts.Data) {
			return false
		}
	}
	return true
}
