package model

import "bnlab/blas"

// bind creates the layers as views of params and Grads, and returns the tensors of each
// net as parts of these.
func (net *Network[T]) bind(widths []int) (parts []part) {
	spec, end := net.Spec, 0
	take := func(l int, kind Kind, nets, n int) (p, g []T) {
		from := end
		for k := range nets {
			parts = append(parts, part{net: k, from: end, to: end + n, weights: kind == Weight, frozen: spec.Frozen.Has(l+1, kind)})
			end += n
		}
		return net.params[from:end:end], net.Grads[from:end:end]
	}
	in := spec.In
	for l, width := range widths {
		units := spec.Nets * width
		ly := &net.layers[l]
		ly.linear = newLinear[T](spec.Nets, in, width, l == 0)
		if spec.Half {
			ly.rounded = newRounded[T](spec, in, width, l == 0)
		}
		ly.frozenW, ly.frozenB = spec.Frozen.Has(l+1, Weight), spec.Frozen.Has(l+1, Bias)
		w, dw := take(l, Weight, spec.Nets, width*in)
		ly.w, ly.dw = blas.Of(units, in, w), blas.Of(units, in, dw)
		ly.b, ly.db = take(l, Bias, spec.Nets, width)
		if l < len(spec.Hidden) {
			net.bindHidden(l, take)
		}
		ly.out = make([]T, units*spec.MaxRows)
		ly.d = make([]T, units*spec.MaxRows)
		in = width
	}
	return parts
}

// bindHidden creates what hidden layer l, counted from 0, has after its S.
func (net *Network[T]) bindHidden(l int, take func(l int, kind Kind, nets, n int) (p, g []T)) {
	spec, ly := net.Spec, &net.layers[l]
	width, nets := spec.Hidden[l], spec.normalised(l)
	if nets > 0 && spec.LayerNorm {
		ly.ln = newLayerNorm[T](width, spec)
	} else if nets > 0 {
		ly.bn = newBatchNorm[T](nets, width, spec)
	}
	if g := ly.gain(); g != nil {
		g.gamma, g.dgamma = take(l, Gamma, nets, width)
		g.beta, g.dbeta = take(l, Beta, nets, width)
		g.frozenGamma, g.frozenBeta = spec.Frozen.Has(l+1, Gamma), spec.Frozen.Has(l+1, Beta)
		fill(g.gamma, 1)
	}
	if ly.bn != nil {
		ly.bn.split(spec)
	}
	ly.act = newActivation[T](spec, l)
	if spec.noisy() && ly.bn != nil {
		ly.noise = make([]T, spec.Nets*width*spec.MaxRows)
	}
}
