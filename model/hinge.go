package model

import "bnlab/blas"

// hingeScore compares logits (classes×n, of one net) with labels (n), and if gradient is set
// overwrites them with ∂L/∂S of the multi-class hinge loss (Weston and Watkins 1999)
//
//	L = mean over images of Σ_{j≠y} max(0, s_j − s_y + 1)
//
// torch.nn.MultiMarginLoss divides it by the number of classes. A margin of 0 has a gradient of 0.
func hingeScore[T blas.Float](logits blas.Matrix[T], labels []uint8, gradient bool) Score {
	n := logits.Cols
	score := Score{Images: n, Correct: correct(logits, labels)}
	for i, y := range labels {
		truth := &logits.Data[int(y)*logits.Stride+i]
		s, within := *truth, 0
		for j := range logits.Rows {
			if j == int(y) {
				continue
			}
			v := &logits.Data[j*logits.Stride+i]
			over := *v - s + 1
			score.Loss += max(0, float64(over)) // which keeps a NaN
			inside := over > 0
			if inside {
				within++
			}
			if gradient && inside {
				*v = 1 / T(n)
			} else if gradient {
				*v = 0
			}
		}
		if gradient {
			*truth = -T(within) / T(n)
		}
	}
	score.Cost = score.Loss
	return score
}

// within appends, for every image and class but its own, whether the hinge loss of logits
// counts it: on which side of its kink it is.
func within[T blas.Float](on []bool, logits blas.Matrix[T], labels []uint8) []bool {
	for i, y := range labels {
		for j := range logits.Rows {
			on = append(on, j != int(y) && logits.At(j, i)-logits.At(int(y), i)+1 > 0)
		}
	}
	return on
}
