package model

import "bnlab/blas"

// ForwardHalf is Forward of n images in bfloat16, with a network whose Spec has Half: the
// bits of numbers that round to them. They are the first rows of x (blas.HalfDepth(n)×In), which
// has zeros in the others.
func (net *Network[T]) ForwardHalf(x blas.Matrix[blas.Half], n int, mode Mode) blas.Matrix[T] {
	return net.Forward(net.given(x, n), mode)
}

// StepHalf is Step likewise, on as many images as there are labels.
func (net *Network[T]) StepHalf(x blas.Matrix[blas.Half], labels []uint8, eta, lambda []float64) []Score {
	return net.Step(net.given(x, len(labels)), labels, eta, lambda)
}

// given has layer 1 read x, and returns the shape of its images, without numbers to round.
func (net *Network[T]) given(x blas.Matrix[blas.Half], n int) blas.Matrix[T] {
	if x.Rows != blas.HalfDepth(n) {
		panic(badInput)
	}
	net.layers[0].rounded.read = x
	return blas.Matrix[T]{Rows: n, Cols: x.Cols}
}
