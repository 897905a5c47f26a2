package model

import "bnlab/blas"

// Of returns the score of logits (classes×n) with labels (n), which it does not change.
func (l Loss) Of(logits blas.Matrix[float64], labels []uint8) Score {
	sm, own := newSoftmax[float64](logits.Cols), blas.New[float64](logits.Rows, logits.Cols)
	for j := range logits.Rows {
		copy(own.Row(j), logits.Row(j))
	}
	return sm.scoreBy(Each{Loss: l}, own, labels, false)
}

// scoreBy scores as score, with the loss of a net.
func (sm *softmax[T]) scoreBy(e Each, logits blas.Matrix[T], labels []uint8, gradient bool) Score {
	switch e.Loss {
	case BCE:
		return bceScore(logits, labels, gradient, e.Smoothing)
	case Hinge:
		return hingeScore(logits, labels, gradient)
	}
	return sm.score(logits, labels, gradient, e.Smoothing)
}
