package model

import "bnlab/blas"

// rounded holds the operands of the products of a linear layer in bfloat16: R(M) is M with
// each number rounded to nearest, ties to even. Parameters, gradients, statistics and all
// sums stay in T.
//
// Those with a sum over the images have zeros in place of images that would make its terms as
// many as blas.HalfDepth says: units×depth, or depth×In. All others take their first n images.
type rounded[T blas.Float] struct {
	w    blas.Matrix[blas.Half] // (nets·fanOut)×fanIn: R(W)
	isW  bool                   // w is that of the weights as they are, since the last step
	a    []blas.Half            // room for R(A), or R(X) in layer 1
	read blas.Matrix[blas.Half] // (nets·fanIn)×depth: R(A) as the last forward read it, or depth×In: R(X)
	d    []blas.Half            // (nets·fanOut)×depth: R(D), or of a multiple
	ones []T                    // nets·fanOut: 1, for W is rounded with its weightScale
}

func newRounded[T blas.Float](spec Spec, fanIn, fanOut int, shared bool) *rounded[T] {
	units, inputs := spec.Nets*fanOut, spec.Nets*fanIn
	if shared {
		inputs = fanIn
	}
	depth := blas.HalfDepth(spec.MaxRows)
	r := &rounded[T]{
		w: blas.New[blas.Half](units, fanIn), a: make([]blas.Half, inputs*depth),
		d: make([]blas.Half, units*depth), ones: make([]T, units),
	}
	fill(r.ones, 1)
	return r
}

// halves returns how many numbers in bfloat16 a Network holds: those of rounded.
func (s Spec) halves() (n float64) {
	if !s.Half {
		return 0
	}
	in, inputs, depth := s.In, s.In, float64(blas.HalfDepth(s.MaxRows))
	for _, width := range s.widths() {
		n += float64(s.Nets*width)*float64(in) + depth*float64(inputs+s.Nets*width)
		in, inputs = width, s.Nets*width
	}
	return n
}

// deep returns room as a matrix for m (units×n): units×depth, of zeros from column n on.
func deep[T blas.Float](m blas.Matrix[T], room []blas.Half) blas.Matrix[blas.Half] {
	depth := blas.HalfDepth(m.Cols)
	h := blas.Of(m.Rows, depth, room[:m.Rows*depth])
	if depth > m.Cols {
		for i := range h.Rows {
			clear(h.Row(i)[m.Cols:])
		}
	}
	return h
}

// roundedForward is forward with S = R(W)·R(A) + b.
func (l *linear[T]) roundedForward(a, s blas.Matrix[T]) {
	r := l.rounded
	if !r.isW {
		l.roundW()
	}
	if l.shared {
		if a.Data != nil { // or it was given rounded
			r.readImages(a)
		}
		l.mixed = !blas.GemmBlocksHalf(l.nets, blas.Trans, r.w, r.read.RowBlock(0, a.Rows), 0, s) || l.mixed
	} else {
		r.read = deep(a, r.a)
		ra := r.read.ColBlock(0, a.Cols)
		blas.Round(1, a, ra)
		for k := range l.nets {
			blas.GemmHalf(blas.NoTrans, blas.NoTrans, outOf(l, r.w, k), inOf(l, ra, k), 0, l.outOf(s, k))
		}
	}
	blas.Affine(r.ones, l.b, s)
}

// readImages sets R(X) to that of x (n×In).
func (r *rounded[T]) readImages(x blas.Matrix[T]) {
	depth := blas.HalfDepth(x.Rows)
	r.read = blas.Of(depth, x.Cols, r.a[:depth*x.Cols])
	blas.Round(1, x, r.read.RowBlock(0, x.Rows))
	clear(r.read.Data[x.Rows*x.Cols:])
}

// roundW sets R(W).
func (l *linear[T]) roundW() {
	for k := range l.nets {
		blas.Round(l.weightScale[k*l.fanOut], l.outOf(l.w, k), outOf(l, l.rounded.w, k))
	}
}

// roundedInput is the part of backward that writes ∂J/∂A = R(W)ᵀ·R(D) into da.
func (l *linear[T]) roundedInput(d, da blas.Matrix[T]) {
	r := l.rounded
	rd := deep(d, r.d).ColBlock(0, d.Cols)
	blas.Round(1, d, rd)
	for k := range l.nets {
		blas.GemmHalf(blas.Trans, blas.NoTrans, outOf(l, r.w, k), outOf(l, rd, k), 0, l.inOf(da, k))
	}
}

// roundedWeights is the part of backward for W, R(scale·D)·R(A)ᵀ in place of
// scale·D·Aᵀ, with the R(A) of the last forward.
func (l *linear[T]) roundedWeights(d blas.Matrix[T], u *update[T]) {
	r := l.rounded
	ra, rd := r.read, deep(d, r.d)
	scale := func(k int) T { return u.scale[k] }
	if l.shared && u.inPlace {
		scale = func(k int) T { return l.shrink(k, u) }
	}
	for k := range l.nets {
		blas.Round(scale(k), l.outOf(d, k), outOf(l, rd, k).ColBlock(0, d.Cols))
	}
	switch {
	case u.inPlace:
		l.roundedStep(rd, ra, u)
		return
	case l.shared && u.plain:
		l.mixed = !blas.GemmBlocksHalf(l.nets, blas.NoTrans, rd, ra, 0, l.dw) || l.mixed
		return
	}
	for k := range l.nets {
		ta, input := blas.NoTrans, ra
		if !l.shared {
			ta, input = blas.Trans, inOf(l, ra, k)
		}
		blas.GemmHalf(blas.NoTrans, ta, outOf(l, rd, k), input, u.decay[k], l.outOf(l.dw, k))
	}
}

// roundedStep adds R(D)·R(A)ᵀ to the weights, in layer 1 without their decay, and rounds them
// for the next step.
func (l *linear[T]) roundedStep(rd, ra blas.Matrix[blas.Half], u *update[T]) {
	r := l.rounded
	if l.shared {
		l.mixed = !blas.GemmBlocksHalfRound(l.nets, blas.NoTrans, rd, ra, 1, l.w, l.weightScale, r.w) || l.mixed
	} else {
		for k := range l.nets {
			blas.GemmHalfRound(blas.NoTrans, blas.Trans, outOf(l, rd, k), inOf(l, ra, k), u.decay[k], l.outOf(l.w, k), l.weightScale[k*l.fanOut], outOf(l, r.w, k))
		}
	}
	r.isW = true
}
