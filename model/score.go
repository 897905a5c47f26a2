package model

import "bnlab/blas"

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

// correct returns for how many images the highest logit is that of the label.
func correct[T blas.Float](logits blas.Matrix[T], labels []uint8) (n int) {
	for i, y := range labels {
		if Argmax(logits, i) == int(y) {
			n++
		}
	}
	return n
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
