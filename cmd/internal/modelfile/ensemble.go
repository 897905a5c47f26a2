package modelfile

import (
	"fmt"
	"math"
	"slices"

	"bnlab/blas"
	"bnlab/model"
	"bnlab/train/message"
)

// Average returns the predictions of several networks, or of one for several views of the
// images, as one, with the loss of all of them: the mean of their probabilities, or of the
// scores of a loss that has none. Its logits are those of which that loss would have made these
// probabilities; of softmax, their logarithms.
func Average(loss model.Loss, members []*Predictions, labels []uint8) *Predictions {
	if loss != model.Softmax {
		return averageOf(loss, members, labels)
	}
	v := &Predictions{}
	v.Score.Images = len(labels)
	for i, y := range labels {
		logits := meanLogits(members, i)
		probabilities := make([]float64, len(logits))
		best := 0
		for j, l := range logits {
			probabilities[j] = math.Exp(l)
			if l > logits[best] {
				best = j
			}
		}
		v.Score.Loss -= logits[y]
		if best == int(y) {
			v.Score.Correct++
		}
		v.Classes = append(v.Classes, best)
		v.Logits, v.Probabilities = append(v.Logits, logits), append(v.Probabilities, probabilities)
	}
	v.Score.Cost = v.Score.Loss
	return v
}

// meanLogits returns the logarithm of the mean probability of each class for image i.
func meanLogits(members []*Predictions, i int) []float64 {
	logits := make([]float64, len(members[0].Logits[i]))
	each := make([]float64, len(members))
	for j := range logits {
		for k, m := range members {
			each[k] = m.Logits[i][j] - logSum(m.Logits[i])
		}
		logits[j] = logSum(each) - math.Log(float64(len(members)))
	}
	return logits
}

// logSum returns log Σ exp(v), of any size without overflow.
func logSum(v []float64) float64 {
	top, sum := slices.Max(v), 0.0
	for _, x := range v {
		sum += math.Exp(x - top)
	}
	return top + math.Log(sum)
}

// Vote returns the class that most members give each image; of those with as many votes,
// the one of the highest mean probability.
func Vote(members []*Predictions, mean *Predictions) (classes []int) {
	for i, probabilities := range mean.Probabilities {
		votes := make([]int, len(probabilities))
		for _, m := range members {
			votes[m.Classes[i]]++
		}
		best := 0
		for j := range votes {
			if votes[j] > votes[best] || votes[j] == votes[best] && probabilities[j] > probabilities[best] {
				best = j
			}
		}
		classes = append(classes, best)
	}
	return classes
}

// averageOf is Average for the losses that take each class by itself.
func averageOf(loss model.Loss, members []*Predictions, labels []uint8) *Predictions {
	v := &Predictions{}
	for i := range labels {
		logits := make([]float64, len(members[0].Logits[i]))
		mean := make([]float64, len(logits))
		yes, no := make([]float64, len(members)), make([]float64, len(members))
		for j := range logits {
			for k, m := range members {
				s := m.Logits[i][j]
				logits[j] += s / float64(len(members))
				yes[k], no[k] = logSigmoid(s), logSigmoid(-s)
			}
			mean[j] = logits[j]
			if loss.HasProbabilities() {
				logits[j] = logSum(yes) - logSum(no)
				mean[j] = math.Exp(logSigmoid(logits[j]))
			}
		}
		column := blas.Of(len(logits), 1, logits)
		v.Score.Add(loss.Of(column, labels[i:i+1]))
		v.Classes = append(v.Classes, model.Argmax(column, 0))
		v.Logits, v.Probabilities = append(v.Logits, logits), append(v.Probabilities, mean)
	}
	return v
}

// logSigmoid returns log σ(s), of any size without overflow.
func logSigmoid(s float64) float64 { return min(s, 0) - math.Log1p(math.Exp(-math.Abs(s))) }

// Fits returns an error if the network cannot be averaged with the first of several on a
// set of images: the classes must be the same, and where it is not the test set, so must
// be the images that were held out. Each standardises images by its own statistics.
func (m *File) Fits(first *File, set string) error {
	switch a, b := first.Config, m.Config; {
	case !slices.Equal(m.Classes, first.Classes):
		return fmt.Errorf("%s: %w: it tells other classes apart than %s: %s", m.Path, model.ErrFile, first.Path, message.List(m.Classes))
	case a.Loss != b.Loss:
		return fmt.Errorf("%s: %w: its loss is %s, that of %s %s: what they say of a class has no common mean", m.Path, model.ErrFile, b.Loss, first.Path, a.Loss)
	case set != "test" && (a.Val != b.Val || a.TrainSize != b.TrainSize):
		return fmt.Errorf("%s: %w: it was trained on other images than %s: val %d, train_size %d, not %d, %d; use --set test", m.Path, model.ErrFile, first.Path, b.Val, b.TrainSize, a.Val, a.TrainSize)
	}
	return nil
}
