package model

import "bnlab/blas"

// linear is the map S = W·A + b of each of the nets side by side, with one row per unit
// and one column per image. Net k owns rows k·fanOut … (k+1)·fanOut−1 of S and of W,
// which has PyTorch's orientation (out×in). Layer 1 reads the images as stored, one per
// row, and computes S = W·Xᵀ + b.
//
// In layer 1 the true weights of net k are weightScale·W: the L2 term of a step shrinks
// all of them by the same factor, so it is kept as a number per net (the same for all its
// rows) and costs no pass over the largest matrix. Elsewhere, and here after applyScale,
// weightScale is 1.
type linear[T blas.Float] struct {
	nets          int
	fanIn, fanOut int
	shared        bool // layer 1: every net reads the same X, one product serves all
	mixed         bool // the bits of a net have depended on the nets beside it

	frozenW, frozenB bool // of all nets

	w, dw       blas.Matrix[T] // (nets·fanOut)×fanIn: W and ∂J/∂W
	b, db       []T            // nets·fanOut: b and ∂J/∂b
	weightScale []T            // nets·fanOut
	sum         []T            // nets·fanOut: row sums of D
	rounded     *rounded[T]    // nil where the operands of products are not rounded
}

func newLinear[T blas.Float](nets, fanIn, fanOut int, shared bool) linear[T] {
	units := nets * fanOut
	l := linear[T]{nets: nets, fanIn: fanIn, fanOut: fanOut, shared: shared,
		weightScale: make([]T, units), sum: make([]T, units)}
	fill(l.weightScale, 1)
	return l
}

// forward computes s (nets·fanOut×n) from a: the images (n×fanIn) if shared, else the
// output of the layer below (nets·fanIn×n).
func (l *linear[T]) forward(a, s blas.Matrix[T]) {
	if l.rounded != nil {
		l.roundedForward(a, s)
		return
	}
	if l.shared {
		l.mixed = !blas.GemmBlocks(l.nets, blas.Trans, l.w, a, 0, s) || l.mixed
	} else {
		for k := range l.nets {
			blas.Gemm(blas.NoTrans, blas.NoTrans, 1, l.outOf(l.w, k), l.inOf(a, k), 0, l.outOf(s, k))
		}
	}
	blas.Affine(l.weightScale, l.b, s)
}

// backward takes d = ∂J/∂S (nets·fanOut×n) and the a that forward read. It writes
// ∂J/∂A = Wᵀ·D into da, if da has any rows, and then ∂J/∂W = D·Aᵀ, in layer 1 D·X, and
// ∂J/∂b = D·1 as u says, where these are not frozen. It may scale d, which is not read afterwards.
func (l *linear[T]) backward(a, d, da blas.Matrix[T], ones []T, u *update[T]) {
	switch {
	case da.Rows == 0:
	case l.rounded != nil:
		l.roundedInput(d, da)
	default:
		for k := range l.nets {
			blas.Gemm(blas.Trans, blas.NoTrans, 1, l.outOf(l.w, k), l.outOf(d, k), 0, l.inOf(da, k))
		}
	}
	if !l.frozenB {
		sumRows(l.nets, 1, d, ones, l.sum)
		u.vector(u.of(l.b, l.db), l.sum, l.fanOut)
	}
	switch {
	case l.frozenW:
		if l.rounded != nil {
			l.rounded.isW = u.inPlace
		}
		return
	case l.rounded != nil:
		l.roundedWeights(d, u)
		return
	case l.shared && u.inPlace:
		l.sgdStep(a, d, u)
		return
	case l.shared && u.plain:
		l.mixed = !blas.GemmBlocks(l.nets, blas.NoTrans, d, a, 0, l.dw) || l.mixed
		return
	}
	w := l.dw
	if u.inPlace {
		w = l.w
	}
	for k := range l.nets {
		ta, input := blas.NoTrans, a
		if !l.shared {
			ta, input = blas.Trans, l.inOf(a, k)
		}
		blas.Gemm(blas.NoTrans, ta, u.scale[k], l.outOf(d, k), input, u.decay[k], l.outOf(w, k))
	}
}

// sgdStep computes weightScale·W ← scale·D·X + decay·weightScale·W for all nets with one
// product with factors of 1: decay goes into weightScale, and scale/weightScale into D.
func (l *linear[T]) sgdStep(x, d blas.Matrix[T], u *update[T]) {
	for k := range l.nets {
		blas.Scal(l.shrink(k, u), l.outOf(d, k).Data)
	}
	l.mixed = !blas.GemmBlocks(l.nets, blas.NoTrans, d, x, 1, l.w) || l.mixed
}

// shrink multiplies weightScale of net k by decay, and returns scale/weightScale.
func (l *linear[T]) shrink(k int, u *update[T]) T {
	scale := l.weightScale[k*l.fanOut : (k+1)*l.fanOut]
	fill(scale, scale[0]*u.decay[k])
	if size := scale[0] * scale[0]; !(size > 1e-4 && size < 1e4) {
		l.applyScale(k) // before the factor loses digits
	}
	return u.scale[k] / scale[0]
}

// applyScale multiplies the weights of net k by its weightScale, and sets that to 1.
func (l *linear[T]) applyScale(k int) {
	scale := l.weightScale[k*l.fanOut : (k+1)*l.fanOut]
	if scale[0] != 1 {
		blas.Scal(scale[0], l.outOf(l.w, k).Data)
		fill(scale, 1)
	}
}

// sumRows writes scale times the row sums of m ((nets·width)×n) to sums; ones holds n
// ones. It goes net by net, because a Gemv sums its last rows in another order.
func sumRows[T blas.Float](nets int, scale T, m blas.Matrix[T], ones, sums []T) {
	width := m.Rows / nets
	for i := 0; i < m.Rows; i += width {
		blas.Gemv(blas.NoTrans, scale, m.RowBlock(i, i+width), ones, 0, sums[i:i+width])
	}
}

// outOf returns net k's rows of m, which has one row per output.
func (l *linear[T]) outOf(m blas.Matrix[T], k int) blas.Matrix[T] { return outOf(l, m, k) }

func outOf[T blas.Float, E blas.Element](l *linear[T], m blas.Matrix[E], k int) blas.Matrix[E] {
	return m.RowBlock(k*l.fanOut, (k+1)*l.fanOut)
}

// inOf returns net k's rows of m, which has one row per input.
func (l *linear[T]) inOf(m blas.Matrix[T], k int) blas.Matrix[T] { return inOf(l, m, k) }

func inOf[T blas.Float, E blas.Element](l *linear[T], m blas.Matrix[E], k int) blas.Matrix[E] {
	return m.RowBlock(k*l.fanIn, (k+1)*l.fanIn)
}
