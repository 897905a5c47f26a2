package model

import "bnlab/blas"

// skips returns for each hidden layer l, counted from 0, the layer whose output is added to
// its S: l−Skip, if both have the same width and no addition from below spans l−Skip; −1 for
// none. So S_l = W·A_{l−1} + b + A_{l−Skip} (He et al. 2016).
func (s Spec) skips() []int {
	from, free := make([]int, len(s.Hidden)), 0
	for l := range from {
		from[l] = -1
		if at := l - s.Skip; s.Skip > 0 && at >= free && s.Hidden[at] == s.Hidden[l] {
			from[l], free = at, l
		}
	}
	return from
}

// Skips returns how many additions there are.
func (s Spec) Skips() (n int) {
	for _, from := range s.skips() {
		if from >= 0 {
			n++
		}
	}
	return n
}

// skip adds to s, the S of hidden layer l, the output of the layer that is added there, if
// any.
func (net *Network[T]) skip(l int, s blas.Matrix[T]) {
	if from := net.skips[l]; from >= 0 {
		below := &net.layers[from]
		add(s, below.view(below.out, s.Cols))
	}
}

// skipBackward adds to d = ∂J/∂A of hidden layer l, as the layer above it left it, the ∂J/∂S
// of the layer to which A was added, if any.
func (net *Network[T]) skipBackward(l int, d blas.Matrix[T]) {
	if to := l + net.Spec.Skip; to > l && to < len(net.skips) && net.skips[to] == l {
		above := &net.layers[to]
		add(d, above.view(above.d, d.Cols))
	}
}

// add computes a ← a + b, both of the same shape with contiguous rows.
func add[T blas.Float](a, b blas.Matrix[T]) {
	for i, v := range b.Data {
		a.Data[i] += v
	}
}
