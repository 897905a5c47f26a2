package blas

import (
	"hash/maphash"
	"math/rand/v2"
	"unsafe"
)

// sample is a product of some form, with values that reveal a different order of
// summation: all terms of an element have one sign in the first half of its sum and the
// other in the second, so that rounding errors are large compared with the result.
type sample[T Float] struct {
	product[T]
	left    Matrix[T] // a, before it is rounded if it is
	right   Matrix[T] // b, likewise
	memory  *[]T      // of these, and of c
	random  *rand.PCG
	numbers []T
	rounds  int // how often to compare: a few small products may agree by chance
}

// newSample returns a sample, to release after use: it is as large as the largest product
// of a training.
func newSample[T Float](f form) *sample[T] {
	s := &sample[T]{random: rand.NewPCG(uint64(f.m), uint64(f.n))}
	s.rounds = int(min(64, max(1, 4e6/f.flops())))
	aRows, aCols := inMemory(f.ta, f.m, f.k)
	bRows, bCols := inMemory(f.tb, f.k, f.n)
	s.memory = borrow[T](lines(aRows*aCols) + lines(bRows*bCols) + lines(f.m*f.n))
	next := *s.memory
	take := func(rows, cols int) Matrix[T] {
		m := Of(rows, cols, next[:rows*cols])
		next = next[lines(rows*cols):]
		return m
	}
	s.left, s.right = take(aRows, aCols).ColBlock(0, aCols-padding), take(bRows, bCols).ColBlock(0, bCols-padding)
	s.product = product[T]{ta: f.ta, tb: f.tb, alpha: 1, a: full(s.left), b: full(s.right), c: take(f.m, f.n)}
	if f.half {
		s.a = rounded[T](New[Half](s.left.Rows, max(f.lda, s.left.Cols)).ColBlock(0, s.left.Cols))
		s.b = rounded[T](New[Half](s.right.Rows, max(f.ldb, s.right.Cols)).ColBlock(0, s.right.Cols))
	}
	clear(s.c.Data)
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

func (s *sample[T]) release() { release(s.memory) }

const line = 16 // elements: at least a cache line

// lines returns how many elements whole lines have that hold n.
func lines(n int) int { return (n + line - 1) / line * line }

// inMemory returns the shape in memory of a matrix whose op is rows×cols: with padded rows,
// as mini-batches have.
func inMemory(op Transpose, rows, cols int) (int, int) {
	if op == Trans {
		rows, cols = cols, rows
	}
	return rows, cols + padding
}

// draw fills both operands.
func (s *sample[T]) draw() {
	s.fill(s.left, true, s.ta)
	s.fill(s.right, false, s.tb)
	if s.a.is {
		of[T]().round(1, s.left, s.a.half)
		of[T]().round(1, s.right, s.b.half)
	}
}

// fill sets the rows of m to parts of one row of numbers from 1 to 2, each from a
// different offset, negative in the second half of the sums if signs is set. Those to be
// rounded are multiplied by powers of 2: few sums of products of 8 bits would be inexact.
func (s *sample[T]) fill(m Matrix[T], signs bool, op Transpose) {
	const places = 4099 // a prime
	for len(s.numbers) < places+m.Cols {
		number := 1 + T(s.random.Uint64()>>12)*0x1p-52
		if s.a.is {
			number *= T(int(1) << (s.random.Uint64() % 12))
		}
		s.numbers = append(s.numbers, number)
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

// same reports whether two ways to compute the sample give the same bits. It compares
// hashes, so that there is one result at a time.
func (s *sample[T]) same(one, other func(*product[T])) bool {
	for range s.rounds {
		s.draw()
		if s.hash(one) != s.hash(other) {
			return false
		}
	}
	return true
}

var seed = maphash.MakeSeed()

// hash returns that of the result of a way to compute the sample, with a c of zeros before.
// To c of numbers an engine may add the sums of a product of rounded operands at the end, or
// begin with them.
func (s *sample[T]) hash(way func(*product[T])) uint64 {
	clear(s.c.Data)
	if s.a.is && s.beta != 0 {
		for i := range s.c.Data {
			s.c.Data[i] = 1000 * s.numbers[i%len(s.numbers)]
		}
	}
	way(&s.product)
	size := len(s.c.Data) * Bits[T]() / 8
	return maphash.Bytes(seed, unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(s.c.Data))), size))
}
