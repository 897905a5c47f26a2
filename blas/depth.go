package blas

// A product of few rows and columns but long sums, such as the outputs of a first layer,
// is cut best along its sums: no part packs what another one does. Libraries sum block
// by block, and add each block's sum to c (Goto and van de Geijn, Anatomy of
// high-performance matrix multiplication, 2008). So the first part sums its blocks in c,
// the others keep the sum of each of their blocks, and these are added to c in the order
// of the whole: the same additions, and the same bits.

// blocking is how a library divides a sum into blocks.
type blocking struct {
	length int // of a block
	unroll int // of which the half of the last two blocks is a multiple
}

// blockings are those of OpenBLAS's kernels but for a few of the oldest. Which one is in
// use cannot be asked.
func blockings() (all []blocking) {
	for _, length := range []int{384, 256, 320, 448, 512, 128} {
		for _, unroll := range []int{16, 8, 4} {
			all = append(all, blocking{length, unroll})
		}
	}
	return all
}

// bounds returns where the blocks of a sum of k terms begin, and its end: full blocks,
// and if less than two are left, two equal ones or the rest.
func (b blocking) bounds(k int) []int {
	bounds := []int{0}
	for at := 0; at < k; {
		rest := k - at
		length := rest
		switch {
		case rest >= 2*b.length:
			length = b.length
		case rest > b.length:
			length = (rest/2 + b.unroll - 1) / b.unroll * b.unroll
		}
		at += length
		bounds = append(bounds, at)
	}
	return bounds
}

// slice returns the product of the terms from one up to but excluding another of the
// sums of p.
func (p *product[T]) slice(from, to int) product[T] {
	slice := *p
	slice.a = p.a.block(p.ta == Trans, from, to)
	slice.b = p.b.block(p.tb == NoTrans, from, to)
	return slice
}

// blockSums are sums of single blocks, to be added to the result.
type blockSums[T Float] struct {
	bounds []int // of the blocks; nil for a part that keeps none
	data   []T
}

// of returns the place of the sum of block i, of the shape of c.
func (s *blockSums[T]) of(i int, c Matrix[T]) Matrix[T] {
	size := c.Rows * c.Cols
	return Of(c.Rows, c.Cols, s.data[i*size:(i+1)*size])
}

// run computes the sum of each block of p.
func (s *blockSums[T]) run(p *product[T]) {
	if need := (len(s.bounds) - 1) * p.c.Rows * p.c.Cols; len(s.data) < need {
		s.data = make([]T, need)
	}
	for i, to := range s.bounds[1:] {
		block := p.slice(s.bounds[i], to)
		block.c = s.of(i, p.c)
		block.run()
	}
}

// addTo adds the sums to c.
func (s *blockSums[T]) addTo(c Matrix[T]) {
	for b := range max(0, len(s.bounds)-1) {
		sum := s.of(b, c)
		for i := range c.Rows {
			of[T]().axpy(sum.Row(i), c.Row(i))
		}
	}
}
