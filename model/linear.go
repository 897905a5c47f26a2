package model

import "bnlab/blas"

// linear is the map S = X·Wᵀ + b of each of the nets side by side. Net k owns
// rows k·out … (k+1)·out−1 of W, in PyTorch's orientation (out×in), and the
// columns of the same numbers in S.
type linear[T blas.Float] struct {
	nets          int
	fanIn, fanOut int
	shared        bool // every net reads the same X, as in layer 1: one product serves all

	w, dw blas.Matrix[T] // (nets·fanOut)×fanIn: W and ∂J/∂W
	b, db []T            // nets·fanOut: b and ∂J/∂b
	sum   []T            // nets·fanOut: column sums of D
}

// forward computes s (n×nets·out) from x, n×in where shared, else n×nets·in.
func (l *linear[T]) forward(x, s blas.Matrix[T]) {
	for i := range s.Rows {
		copy(s.Row(i), l.b)
	}
	if l.shared {
		blas.Gemm(blas.NoTrans, blas.Trans, 1, x, l.w, 1, s)
		return
	}
	for k := range l.nets {
		blas.Gemm(blas.NoTrans, blas.Trans, 1, l.input(x, k), l.rows(l.w, k), 1, l.columns(s, k))
	}
}

// backward takes d = ∂J/∂S (n×nets·out) and the x that forward read. It writes
// ∂J/∂X = D·W into dx, where dx has columns at all, and then ∂J/∂W = Dᵀ·X and
// ∂J/∂b = Dᵀ·1 to where u says. It may scale d, which nobody reads after it.
func (l *linear[T]) backward(x, d, dx blas.Matrix[T], ones []T, u *update[T]) {
	for k := range l.nets {
		if dx.Cols > 0 {
			blas.Gemm(blas.NoTrans, blas.NoTrans, 1, l.columns(d, k), l.rows(l.w, k), 0, l.input(dx, k))
		}
	}
	blas.Gemv(blas.Trans, 1, d, ones, 0, l.sum)

	w, b := l.dw, l.db
	if u.inPlace {
		w, b = l.w, l.b
	}
	u.vector(b, l.sum, l.fanOut)
	if !l.shared {
		for k := range l.nets {
			blas.Gemm(blas.Trans, blas.NoTrans, u.scale[k], l.columns(d, k), l.input(x, k), u.decay[k], l.rows(w, k))
		}
		return
	}
	scale, decay := u.scale[0], u.decay[0]
	if !u.uniform {
		// One product has one alpha and one beta: each net's own go into its
		// columns of D and its rows of W beforehand.
		scale, decay = 1, 1
		for k := range l.nets {
			scaleRows(u.scale[k], l.columns(d, k))
			blas.Scal(u.decay[k], l.rows(w, k).Data)
		}
	}
	blas.Gemm(blas.Trans, blas.NoTrans, scale, d, x, decay, w)
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

// scaleRows multiplies the elements of m by a.
func scaleRows[T blas.Float](a T, m blas.Matrix[T]) {
	for i := range m.Rows {
		row := m.Row(i)
		for j := range row {
			row[j] *= a
		}
	}
}
