package model

import (
	"math"

	"bnlab/blas"
)

// Score is the result of one net on a set of images.
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

// CrossEntropy scores the logits of one net (classes×n) against labels (n).
func CrossEntropy[T blas.Float](logits blas.Matrix[T], labels []uint8) Score {
	return crossEntropy(logits, labels, false)
}

// crossEntropy scores logits (classes×n, one net's) against labels and turns
// them, where gradient is set, into ∂L/∂S = (softmax(S) − onehot)/n for the mean
// cross-entropy L. The largest logit of an image is subtracted first, so exp
// cannot overflow.
func crossEntropy[T blas.Float](logits blas.Matrix[T], labels []uint8, gradient bool) Score {
	score := Score{Images: logits.Cols}
	n := float64(logits.Cols)
	for i, label := range labels {
		best, y := Argmax(logits, i), int(label)
		if best == y {
			score.Correct++
		}
		s, stride := logits.Data[i:], logits.Stride // the image's column: every stride-th
		top, truth := float64(s[best*stride]), float64(s[y*stride])
		sum := 0.0
		for j := range logits.Rows {
			e := math.Exp(float64(s[j*stride]) - top)
			sum += e
			if gradient {
				s[j*stride] = T(e)
			}
		}
		score.Loss += math.Log(sum) - (truth - top)
		if gradient {
			scale := T(1 / (sum * n))
			for j := range logits.Rows {
				s[j*stride] *= scale
			}
			s[y*stride] -= T(1 / n)
		}
	}
	return score
}

// Argmax returns the class with the highest of image i's logits (classes×n), the
// first of equals. A NaN wins, so that the loss of a diverged net is a NaN too.
func Argmax[T blas.Float](logits blas.Matrix[T], i int) int {
	best, top := 0, logits.Data[i]
	for j := range logits.Rows {
		if s := logits.Data[j*logits.Stride+i]; s > top || s != s {
			best, top = j, s
		}
	}
	return best
}

// softmax turns each column of logits (classes×n) into probabilities, in place.
func softmax[T blas.Float](logits blas.Matrix[T]) {
	for i := range logits.Cols {
		top := logits.At(Argmax(logits, i), i)
		sum := 0.0
		for j := range logits.Rows {
			sum += math.Exp(float64(logits.At(j, i) - top))
		}
		for j := range logits.Rows {
			logits.Set(j, i, T(math.Exp(float64(logits.At(j, i)-top))/sum))
		}
	}
}
