package model

import (
	"math"

	"bnlab/blas"
)

// Score is what one net makes of a set of images.
type Score struct {
	Images  int
	Loss    float64 // Σ −log p(true class) over the images, in nats
	Correct int     // images whose highest logit is the true class's
}

// MeanLoss returns the mean cross-entropy in nats.
func (s Score) MeanLoss() float64 { return s.Loss / float64(s.Images) }

// Accuracy returns the fraction of images classified correctly.
func (s Score) Accuracy() float64 { return float64(s.Correct) / float64(s.Images) }

// Add adds the images of another score.
func (s *Score) Add(other Score) {
	s.Images += other.Images
	s.Loss += other.Loss
	s.Correct += other.Correct
}

// CrossEntropy scores the logits of one net (n×classes) against labels (n).
func CrossEntropy[T blas.Float](logits blas.Matrix[T], labels []uint8) Score {
	return crossEntropy(logits, labels, false)
}

// crossEntropy scores logits (n×classes, one net's) against labels and turns
// them, where gradient is set, into ∂L/∂S = (softmax(S) − onehot)/n for the mean
// cross-entropy L. The row maximum is subtracted first, so exp cannot overflow.
func crossEntropy[T blas.Float](logits blas.Matrix[T], labels []uint8, gradient bool) Score {
	score := Score{Images: logits.Rows}
	n := float64(logits.Rows)
	for i := range logits.Rows {
		row, y := logits.Row(i), int(labels[i])
		best := Argmax(row)
		if best == y {
			score.Correct++
		}
		top, truth := float64(row[best]), float64(row[y])
		sum := 0.0
		for j, s := range row {
			e := math.Exp(float64(s) - top)
			sum += e
			if gradient {
				row[j] = T(e)
			}
		}
		score.Loss += math.Log(sum) - (truth - top)
		if gradient {
			scale := T(1 / (sum * n))
			for j := range row {
				row[j] *= scale
			}
			row[y] -= T(1 / n)
		}
	}
	return score
}

// Argmax returns the index of the largest element, the first one of equals. A
// NaN wins, so that the loss of a diverged net is a NaN too.
func Argmax[T blas.Float](row []T) int {
	best := 0
	for j, s := range row {
		if s > row[best] || s != s {
			best = j
		}
	}
	return best
}

// softmax turns each row of logits into probabilities, in place.
func softmax[T blas.Float](logits blas.Matrix[T]) {
	for i := range logits.Rows {
		row := logits.Row(i)
		top := row[Argmax(row)]
		sum := 0.0
		for _, s := range row {
			sum += math.Exp(float64(s - top))
		}
		for j, s := range row {
			row[j] = T(math.Exp(float64(s-top)) / sum)
		}
	}
}
