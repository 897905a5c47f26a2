package model

import "bnlab/blas"

// normalises reports whether net k normalises, at least in some layers.
func (net *Network[T]) normalises(k int) bool { return net.Spec.LayerNorm || net.BatchNorm(k) }

// gain returns the parameters of the layer's normalisation, nil if it has none.
func (ly *layer[T]) gain() *gain[T] {
	switch {
	case ly.bn != nil:
		return &ly.bn.gain
	case ly.ln != nil:
		return &ly.ln.gain
	}
	return nil
}

// normalise turns s (units×n) of hidden layer l from S into S̃, or where it comes after the
// activation from f(S) into A, in the rows of the nets that normalise.
func (net *Network[T]) normalise(l int, s blas.Matrix[T], mode Mode) {
	ly := &net.layers[l]
	if ly.ln != nil {
		ly.ln.forward(s)
	}
	bn := ly.bn
	if bn == nil {
		return
	}
	s = s.RowBlock(0, bn.units)
	if mode == Eval || bn.known {
		bn.forwardRunning(s)
		return
	}
	bn.forwardBatch(s, net.scratchFor(s), net.ones[:s.Cols], mode.trains())
	if mode == Train {
		bn.updateRunning()
	}
	if ly.noise != nil && mode.trains() {
		net.perturb(l, s)
	}
}

// normaliseBackward turns d (units×n) from the gradient with respect to the output of the
// last normalise into that with respect to its input.
func (net *Network[T]) normaliseBackward(l int, d blas.Matrix[T]) {
	ly := &net.layers[l]
	if ly.ln != nil {
		ly.ln.backward(d, &net.update)
	}
	if ly.noise != nil {
		net.perturbBackward(l, d)
	}
	if ly.bn != nil {
		d = d.RowBlock(0, ly.bn.units)
		ly.bn.backward(d, net.scratchFor(d), net.ones[:d.Cols], &net.update)
	}
}
