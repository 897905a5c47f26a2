package model

import "bnlab/blas"

// linear is the map S = X·Wᵀ + b of each of the nets side by side. Net k owns
// rows k·fanOut … (k+1)·fanOut−1 of W, in PyTorch's orientation (out×in), and the
// columns of the same numbers in S.
//
// In layer 1 the true weights of net k are lift·W: the L2 term of a step shrinks
// all of them by one factor, so it is kept as a number a net (the same for all
// its columns) and costs no pass over the largest matrix there is. Elsewhere lift
// is 1, and so it is here after settle.
type linear[T blas.Float] struct {
	nets          int
	fanIn, fanOut int
	shared        bool // layer 1: every net reads the same X, one product serves all

	w, dw blas.Matrix[T] // (nets·fanOut)×fanIn: W and ∂J/∂W
	b, db []T            // nets·fanOut: b and ∂J/∂b
	lift  []T            // nets·fanOut
	sum   []T            // nets·fanOut: column sums of D, then factors of its columns
	zero  []T            // nets·fanOut
}

func newLinear[T blas.Float](nets, fanIn, fanOut int, shared bool) linear[T] {
	units := nets * fanOut
	l := linear[T]{nets: nets, fanIn: fanIn, fanOut: fanOut, shared: shared,
		lift: make([]T, units), sum: make([]T, units), zero: make([]T, units)}
	fill(l.lift, 1)
	return l
}

// forward computes s (n×nets·fanOut) from x, n×fanIn where shared, else
// n×nets·fanIn.
func (l *linear[T]) forward(x, s blas.Matrix[T]) {
	if l.shared {
		blas.Gemm(blas.NoTrans, blas.Trans, 1, x, l.w, 0, s)
	} else {
		for k := range l.nets {
			blas.Gemm(blas.NoTrans, blas.Trans, 1, l.input(x, k), l.rows(l.w, k), 0, l.columns(s, k))
		}
	}
	blas.Affine(l.lift, l.b, s)
}

// backward takes d = ∂J/∂S (n×nets·fanOut) and the x that forward read. It writes
// ∂J/∂X = D·W into dx, where dx has columns at all, and then ∂J/∂W = Dᵀ·X and
// ∂J/∂b = Dᵀ·1 to where u says. It may scale d, which nobody reads after it.
func (l *linear[T]) backward(x, d, dx blas.Matrix[T], ones []T, u *update[T]) {
	for k := range l.nets {
		if dx.Cols > 0 {
			blas.Gemm(blas.NoTrans, blas.NoTrans, 1, l.columns(d, k), l.rows(l.w, k), 0, l.input(dx, k))
		}
	}
	blas.Gemv(blas.Trans, 1, d, ones, 0, l.sum)
	u.vector(u.of(l.b, l.db), l.sum, l.fanOut)
	if l.shared && u.inPlace {
		l.descend(x, d, u)
		return
	}
	w := l.dw
	if u.inPlace {
		w = l.w
	}
	for k := range l.nets {
		blas.Gemm(blas.Trans, blas.NoTrans, u.scale[k], l.columns(d, k), l.input(x, k), u.decay[k], l.rows(w, k))
	}
}

// descend does lift·W ← scale·Dᵀ·X + decay·lift·W for all nets by one product
// without a factor of its own: decay goes into lift, and scale/lift into D.
func (l *linear[T]) descend(x, d blas.Matrix[T], u *update[T]) {
	for k := range l.nets {
		lift, factor := l.lift[k*l.fanOut:(k+1)*l.fanOut], l.sum[k*l.fanOut:(k+1)*l.fanOut]
		fill(lift, lift[0]*u.decay[k])
		if size := lift[0] * lift[0]; !(size > 1e-4 && size < 1e4) {
			l.settle(k) // before the factor loses digits
		}
		fill(factor, u.scale[k]/lift[0])
	}
	blas.Affine(l.sum, l.zero, d)
	blas.Gemm(blas.Trans, blas.NoTrans, 1, d, x, 1, l.w)
}

// settle multiplies the lift of net k into its weights.
func (l *linear[T]) settle(k int) {
	lift := l.lift[k*l.fanOut : (k+1)*l.fanOut]
	if lift[0] != 1 {
		blas.Scal(lift[0], l.rows(l.w, k).Data)
		fill(lift, 1)
	}
}

// rows returns net k's out×in block of w.
func (l *linear[T]) rows(w blas.Matrix[T], k int) blas.Matrix[T] {
	return w.RowBlock(k*l.fanOut, (k+1)*l.fanOut)
}

// columns returns net k's n×out block of s.
func (l *linear[T]) columns(s blas.Matrix[T], k int) blas.Matrix[T] {
	return s.ColBlock(k*l.fanOut, (k+1)*l.fanOut)
}

// input returns what net k reads of x.
func (l *linear[T]) input(x blas.Matrix[T], k int) blas.Matrix[T] {
	if l.shared {
		return x
	}
	return x.ColBlock(k*l.fanIn, (k+1)*l.fanIn)
}
