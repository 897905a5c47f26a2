package model

import (
	"math"

	"bnlab/blas"
)

// softmax turns logits into probabilities and scores. It holds numbers per image.
type softmax[T blas.Float] struct {
	top []T // the greatest logit
	sum []T // of exp(S − top) over the classes
}

func newSoftmax[T blas.Float](maxRows int) softmax[T] {
	return softmax[T]{top: make([]T, maxRows), sum: make([]T, maxRows)}
}

// score compares logits (classes×n, of one net) with labels (n), and overwrites them; if
// gradient is set, with ∂L/∂S = (softmax(S) − Y)/n for the mean cross-entropy L. The
// greatest logit of an image is subtracted first, so exp cannot overflow.
//
// Y is onehot, or with label smoothing ε (Szegedy et al. 2016) (1−ε)·onehot + ε/K. For K
// classes with logits s that makes −Σ Y·log p of an image larger by ε·(s_y − mean(s)).
func (sm *softmax[T]) score(logits blas.Matrix[T], labels []uint8, gradient bool, smoothing float64) Score {
	n := logits.Cols
	score, top := Score{Images: n}, sm.top[:n]
	if smoothing > 0 {
		score.Cost = smoothing * overMean(logits, labels)
	}
	blas.ColMax(logits, top)
	for i, y := range labels {
		truth := logits.Data[int(y)*logits.Stride+i]
		if truth == top[i] && Argmax(logits, i) == int(y) {
			score.Correct++
		}
		score.Loss += float64(top[i]) - float64(truth)
	}
	for _, sum := range sm.exps(logits) {
		score.Loss += math.Log(float64(sum))
	}
	score.Cost += score.Loss
	if gradient {
		sm.divide(logits, T(n))
		for i, y := range labels {
			logits.Data[int(y)*logits.Stride+i] -= T(1-smoothing) / T(n)
		}
		if smoothing > 0 {
			subtract(T(smoothing)/T(n*logits.Rows), logits)
		}
	}
	return score
}

func subtract[T blas.Float](v T, from blas.Matrix[T]) {
	for j := range from.Rows {
		row := from.Row(j)
		for i := range row {
			row[i] -= v
		}
	}
}

// exps turns logits into exp(S − top), with the top of the last ColMax, and returns the
// column sums.
func (sm *softmax[T]) exps(logits blas.Matrix[T]) []T {
	sum := sm.sum[:logits.Cols]
	blas.Exps(sm.top[:logits.Cols], logits, sum)
	return sum
}

// divide turns the exponentials into probabilities, divided by by.
func (sm *softmax[T]) divide(exps blas.Matrix[T], by T) {
	scale := sm.sum[:exps.Cols]
	for i, sum := range scale {
		scale[i] = 1 / (sum * by)
	}
	for j := range exps.Rows {
		row := exps.Row(j)
		for i := range row {
			row[i] *= scale[i]
		}
	}
}

// probabilities turns each column of logits (classes×n, of one net) into probabilities.
func (sm *softmax[T]) probabilities(logits blas.Matrix[T]) {
	blas.ColMax(logits, sm.top[:logits.Cols])
	sm.exps(logits)
	sm.divide(logits, 1)
}
