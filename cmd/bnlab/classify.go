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
	logits  [][]float64 // n×classes
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
		v.score.Add(net.ScoreLogits(logits, y)[0])
		for i := range y {
			v.classes = append(v.classes, model.Argmax(logits, i))
		}
		v.logits = appendColumns(v.logits, logits)
		v.probs = appendColumns(v.probs, net.Probabilities(rows))
	}
	if math.IsNaN(v.score.Loss) || math.IsInf(v.score.Loss, 0) {
		return nil, m.bad("its numbers are too large: no finite probabilities come out; train it again; %s", adviceFor("", m.config.WhyDiverged(m.config.Steps())))
	}
	return v, nil
}

// appendColumns appends the columns of m to rows.
func appendColumns[T blas.Float](rows [][]float64, m blas.Matrix[T]) [][]float64 {
	for j := range m.Cols {
		row := make([]float64, m.Rows)
		for i := range row {
			row[i] = float64(m.At(i, j))
		}
		rows = append(rows, row)
	}
	return rows
}
