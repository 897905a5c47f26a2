package blas

// GemmHalfRound is GemmHalf, and then Round of alpha·c to h, of c's shape. It goes by blocks
// of rows that a core's cache holds, so that a large c, such as the weights of a wide layer,
// comes from memory once for its decay, its product and its rounding. The blocks follow from
// the shape alone; they are computed on as many cores as allowed.
func GemmHalfRound[T Float](ta, tb Transpose, a, b Matrix[Half], beta T, c Matrix[T], alpha T, h Matrix[Half]) {
	p := product[T]{ta, tb, 1, beta, rounded[T](a), rounded[T](b), c}
	if c.Rows <= cachedRows || empty(a) || c.Cols == 0 {
		p.compute()
		Round(alpha, c, h)
		return
	}
	m, n, k := p.check()
	if !sameShape(c, h) {
		panic(badShape)
	}
	note(Call{Name: "Gemm", TA: ta, TB: tb, M: m, N: n, K: k, Half: true})
	note(Call{Name: "Round", M: m, N: n})
	blocks := (m + cachedRows - 1) / cachedRows
	if cores := min(int(threads.Load()), blocks); cores > 1 {
		shared := p
		inParts(cores, blocks, func(from, to int) { shared.roundBlocks(from, to, alpha, h) })
		return
	}
	p.roundBlocks(0, blocks, alpha, h)
}

// cachedRows is how many rows of weights a core's cache holds beside other matrices: of
// those from images, 1.5 MB. With fewer, products are slower.
const cachedRows = 128

// GemmBlocksHalfRound is GemmBlocksHalf, and then Round of alpha·c to h. alpha has one number
// per row, the same for all of a block. Where a block is as large as GemmHalfRound goes
// through in several it is computed alone.
func GemmBlocksHalfRound[T Float](blocks int, tb Transpose, a, b Matrix[Half], beta T, c Matrix[T], alpha []T, h Matrix[Half]) (alone bool) {
	if blocks < 1 || len(alpha) != c.Rows || c.Rows%blocks != 0 || a.Rows != c.Rows || !sameShape(c, h) {
		panic(badShape)
	}
	rows := c.Rows / blocks
	large := rows > cachedRows
	if !large {
		alone = GemmBlocksHalf(blocks, tb, a, b, beta, c)
	}
	for from := 0; from < c.Rows; from += rows {
		if large {
			to := from + rows
			GemmHalfRound(NoTrans, tb, a.RowBlock(from, to), b, beta, c.RowBlock(from, to), alpha[from], h.RowBlock(from, to))
		} else {
			Round(alpha[from], c.RowBlock(from, from+rows), h.RowBlock(from, from+rows))
		}
	}
	return alone || large
}

// roundBlocks computes the blocks of rows of p from one up to another, and rounds alpha times
// them to those of h.
func (p *product[T]) roundBlocks(from, to int, alpha T, h Matrix[Half]) {
	for i := from; i < to; i++ {
		block, first, last := *p, i*cachedRows, min((i+1)*cachedRows, p.c.Rows)
		block.a, block.c = p.a.block(p.ta == NoTrans, first, last), p.c.RowBlock(first, last)
		block.run()
		of[T]().round(alpha, block.c, h.RowBlock(first, last))
	}
}
