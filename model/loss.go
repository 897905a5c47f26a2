package model

import (
	"math"

	"bnlab/blas"
)

// Loss names what a net minimises, besides the L2 term.
type Loss string

// The losses. With each a net answers with the class of its highest logit.
const (
	Softmax Loss = "softmax" // cross-entropy of the softmax, the study's
	BCE     Loss = "bce"     // binary cross-entropy of a sigmoid for each class
	Hinge   Loss = "hinge"   // of the margins by which the true class leads; it has no probabilities
)

// Known reports whether there is such a loss.
func (l Loss) Known() bool { return l == Softmax || l == BCE || l == Hinge }

// HasProbabilities reports whether logits have a meaning as probabilities.
func (l Loss) HasProbabilities() bool { return l != Hinge }

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

// correct returns for how many images the highest logit is that of the label.
func correct[T blas.Float](logits blas.Matrix[T], labels []uint8) (n int) {
	for i, y := range labels {
		if Argmax(logits, i) == int(y) {
			n++
		}
	}
	return n
}

// Score is the result of one net on a set of images.
type Score struct {
	Images  int
	Loss    float64 // Σ of the loss over the images: −log p(true class), in nats, or that of another Loss
	Cost    float64 // Σ of what is minimised, without the L2 term: Loss, but for label smoothing
	Correct int     // images whose highest logit is that of the true class
}

// MeanLoss returns the mean loss, for softmax the cross-entropy in nats.
func (s Score) MeanLoss() float64 { return s.Loss / float64(s.Images) }

// MeanCost returns the mean of what is minimised, without the L2 term.
func (s Score) MeanCost() float64 { return s.Cost / float64(s.Images) }

// Accuracy returns the fraction of images classified correctly.
func (s Score) Accuracy() float64 { return float64(s.Correct) / float64(s.Images) }

// Add adds the score of other images.
func (s *Score) Add(other Score) {
	s.Images += other.Images
	s.Loss += other.Loss
	s.Cost += other.Cost
	s.Correct += other.Correct
}

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

// overMean returns Σ s_y − mean(s) over the images.
func overMean[T blas.Float](logits blas.Matrix[T], labels []uint8) (sum float64) {
	for j := range logits.Rows {
		for _, s := range logits.Row(j) {
			sum -= float64(s)
		}
	}
	sum /= float64(logits.Rows)
	for i, y := range labels {
		sum += float64(logits.Data[int(y)*logits.Stride+i])
	}
	return sum
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

// Argmax returns the class with the highest logit (logits is classes×n) of image i, the
// first if several are equal. A NaN wins, so that the loss of a diverged net is NaN too.
func Argmax[T blas.Float](logits blas.Matrix[T], i int) int {
	best, top := 0, logits.Data[i]
	for j := range logits.Rows {
		if s := logits.Data[j*logits.Stride+i]; s > top || s != s {
			best, top = j, s
		}
	}
	return best
}
