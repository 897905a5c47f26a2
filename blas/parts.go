package blas

// A library that spreads a product over threads may split its sums, and then the last
// bits depend on the number of threads. So OpenBLAS gets one thread, and a large
// product is split into parts here, one per core, if the parts have the bits of the
// whole (agree.go).

func (p *product[T]) run() {
	if !p.a.is {
		p.multiply(p.a.full, p.b.full)
		return
	}
	if of[T]().gemmHalf(p.ta, p.tb, p.a.half, p.b.half, p.beta, p.c) {
		return
	}
	a, bufferA := widened[T](p.a.half)
	b, bufferB := widened[T](p.b.half)
	p.multiply(a, b)
	release(bufferA)
	release(bufferB)
}

// multiply computes p of the operands a and b.
func (p *product[T]) multiply(a, b Matrix[T]) {
	if alignsGemm {
		var bufferA, bufferB *[]T
		a.Data, bufferA = aligned(a.Data)
		b.Data, bufferB = aligned(b.Data)
		defer release(bufferA)
		defer release(bufferB)
	}
	of[T]().gemm(p.ta, p.tb, p.alpha, a, b, p.beta, p.c)
}

// partition divides the rows or the columns of a product into parts, at multiples of
// step, or its sums, at blocks of the library.
type partition struct {
	parts   int
	columns bool
	step    int
	sums    []int // bounds of the library's blocks; nil if the sums are not divided
}

// whole is the partition into one part.
var whole = partition{parts: 1, step: 1}

// bound returns the row or column, out of n, at which part i begins.
func (c partition) bound(i, n int) int {
	if i == c.parts {
		return n
	}
	return i * n / c.parts / c.step * c.step
}

// part returns part i of p.
func (p *product[T]) part(c partition, i int) product[T] {
	part := *p
	if c.columns {
		from, to := c.bound(i, p.c.Cols), c.bound(i+1, p.c.Cols)
		part.b, part.c = p.b.block(p.tb == Trans, from, to), p.c.ColBlock(from, to)
	} else {
		from, to := c.bound(i, p.c.Rows), c.bound(i+1, p.c.Rows)
		part.a, part.c = p.a.block(p.ta == NoTrans, from, to), p.c.RowBlock(from, to)
	}
	return part
}

// runParts computes the parts of p at once, the first here.
func (p *product[T]) runParts(c partition) {
	if c.parts == 1 {
		p.run()
		return
	}
	pool := poolOf[T](&teams)
	t, _ := pool.Get().(*team[T])
	if t == nil {
		t = &team[T]{}
		t.work = func(i int) { t.parts[i].run() }
	}
	t.run(p, c)
	pool.Put(t)
}

var teams pools

// team computes parts of a product concurrently. It is reused, and allocates only when
// it grows.
type team[T Float] struct {
	parts []*part[T]
	work  func(i int) // computes parts[i]
}

type part[T Float] struct {
	product[T]
	sums blockSums[T]
}

// is makes p part i of a product.
func (p *part[T]) is(whole *product[T], c partition, i int) {
	p.sums.bounds = nil
	if c.sums == nil {
		p.product = whole.part(c, i)
		return
	}
	blocks := len(c.sums) - 1
	from, to := i*blocks/c.parts, (i+1)*blocks/c.parts
	if i == 0 {
		p.product = whole.slice(0, c.sums[to])
		return
	}
	p.product, p.sums.bounds = *whole, c.sums[from:to+1]
	p.beta = 0
}

func (p *part[T]) run() {
	if p.sums.bounds != nil {
		p.sums.run(&p.product)
		return
	}
	p.product.run()
}

func (t *team[T]) run(p *product[T], c partition) {
	for len(t.parts) < c.parts {
		t.parts = append(t.parts, &part[T]{})
	}
	for i, part := range t.parts[:c.parts] {
		part.is(p, c, i)
	}
	together(c.parts, t.work)
	for _, part := range t.parts[:c.parts] {
		part.sums.addTo(p.c)
	}
}
