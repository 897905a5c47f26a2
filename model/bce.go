package model

import (
	"math"

	"bnlab/blas"
)

// bceScore compares logits (classes×n, of one net) with labels (n) as K independent yes-or-no
// questions, and if gradient is set overwrites them with ∂L/∂S. With the sigmoid σ and the
// targets t, onehot, or with label smoothing ε (1−ε)·onehot + ε/K,
//
//	L = mean over classes and images of −t·log σ(s) − (1−t)·log(1−σ(s))
//	∂L/∂s = (σ(s) − t)/(n·K)
//
// as torch.nn.BCEWithLogitsLoss has it. An element is max(s, 0) + log(1 + e^−|s|) − t·s, where
// nothing overflows; smoothing makes that of an image larger by ε/K·(s_y − mean(s)).
func bceScore[T blas.Float](logits blas.Matrix[T], labels []uint8, gradient bool, smoothing float64) Score {
	classes, n := logits.Rows, logits.Cols
	score := Score{Images: n, Correct: correct(logits, labels)}
	if smoothing > 0 {
		score.Cost = smoothing / float64(classes) * overMean(logits, labels)
	}
	for j := range classes {
		row := logits.Row(j)
		for i, v := range row {
			s, truth := float64(v), 0.0
			if int(labels[i]) == j {
				truth = 1
			}
			small := math.Exp(-math.Abs(s))
			score.Loss += (max(s, 0) + math.Log1p(small) - truth*s) / float64(classes)
			if gradient {
				target := truth*(1-smoothing) + smoothing/float64(classes)
				row[i] = T((sigmoid(s, small) - target) / float64(n*classes))
			}
		}
	}
	score.Cost += score.Loss
	return score
}

// sigmoid returns σ(s), where small is e^−|s|.
func sigmoid(s, small float64) float64 {
	if s < 0 {
		return small / (1 + small)
	}
	return 1 / (1 + small)
}

// sigmoids turns logits into the probabilities of each class by itself, whose sum is not 1.
func sigmoids[T blas.Float](logits blas.Matrix[T]) {
	for j := range logits.Rows {
		row := logits.Row(j)
		for i, v := range row {
			row[i] = T(sigmoid(float64(v), math.Exp(-math.Abs(float64(v)))))
		}
	}
}
