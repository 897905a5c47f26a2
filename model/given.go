package model

import "bnlab/blas"

// ForwardHalf is Forward of images in bfloat16, with a network whose Spec has Half: the
// bits of numbers that round to them.
func (net *Network[T]) ForwardHalf(x blas.Matrix[blas.Half], mode Mode) blas.Matrix[T] {
	return net.Forward(net.given(x), mode)
}

// StepHalf is Step likewise.
func (net *Network[T]) StepHalf(x blas.Matrix[blas.Half], labels []uint8, eta, lambda []float64) []Score {
	return net.Step(net.given(x), labels, eta, lambda)
}

// given has layer 1 read x, and returns its shape, without numbers to round.
func (net *Network[T]) given(x blas.Matrix[blas.Half]) blas.Matrix[T] {
	net.layers[0].rounded.read = x
	return blas.Matrix[T]{Rows: x.Rows, Cols: x.Cols}
}
