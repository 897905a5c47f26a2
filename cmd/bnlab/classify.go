package main

import (
	"fmt"
	"math"

	"bnlab/blas"
	"bnlab/cifar"
	"bnlab/model"
)

// verdicts are what a network makes of n images.
type verdicts struct {
	score   model.Score
	classes []int       // n: the class of the highest logit
	probs   [][]float64 // n×classes
}

// classify runs the images of set through the network, standardised as the
// network's own were, in the precision of its file.
func (m *modelFile) classify(set cifar.Set) (*verdicts, error) {
	if m.Bits == 64 {
		return classify[float64](m, set)
	}
	return classify[float32](m, set)
}

// classifyRows is how many images go through the network at a time.
const classifyRows = 500

func classify[T blas.Float](m *modelFile, set cifar.Set) (*verdicts, error) {
	net, err := model.Restore[T](m.Saved, m.config.BNEps, m.config.BNAlpha, classifyRows)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.path, err)
	}
	v := &verdicts{}
	source := cifar.NewImages[T](set, *m.standard)
	x, labels := blas.NewSpaced[T](classifyRows, cifar.Dim), make([]uint8, classifyRows)
	for from := 0; from < set.Len(); from += classifyRows {
		var index []int32
		for i := from; i < min(from+classifyRows, set.Len()); i++ {
			index = append(index, int32(i))
		}
		rows, y := x.RowBlock(0, len(index)), labels[:len(index)]
		source.Gather(rows, y, index)
		logits := net.Forward(rows, model.Eval)
		v.score.Add(model.CrossEntropy(logits, y))
		for i := range y {
			v.classes = append(v.classes, model.Argmax(logits, i))
		}
		probs := net.Probabilities(rows) // classes×n
		for i := range y {
			p := make([]float64, probs.Rows)
			for j := range p {
				p[j] = float64(probs.At(j, i))
			}
			v.probs = append(v.probs, p)
		}
	}
	if math.IsNaN(v.score.Loss) || math.IsInf(v.score.Loss, 0) {
		return nil, m.bad("its numbers are too large: no finite probabilities come out; train it again with a smaller --eta-max")
	}
	return v, nil
}
