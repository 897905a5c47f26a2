package modelfile

import (
	"fmt"
	"math"

	"bnlab/blas"
	"bnlab/cifar"
	"bnlab/cmd/internal/screen"
	"bnlab/model"
)

// Predictions are what a network makes of n images.
type Predictions struct {
	Score         model.Score
	Classes       []int       // n: the class of the highest logit
	Logits        [][]float64 // n×classes
	Probabilities [][]float64 // n×classes
}

// Classify runs the images of set through the network, standardised as the
// network's own were, in the precision of its file.
func (m *File) Classify(set cifar.Set) (*Predictions, error) {
	if m.Bits == 64 {
		return classify[float64](m, set)
	}
	return classify[float32](m, set)
}

// Rows is how many images go through the network at a time.
const Rows = 500

func classify[T blas.Float](m *File, set cifar.Set) (*Predictions, error) {
	net, err := model.Restore[T](m.Saved, m.Config.BNEps, m.Config.BNAlpha, Rows)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.Path, err)
	}
	v := &Predictions{}
	source := cifar.NewImages[T](set, *m.Standard)
	x, labels := blas.NewSpaced[T](Rows, cifar.Dim), make([]uint8, Rows)
	for from := 0; from < set.Len(); from += Rows {
		var index []int32
		for i := from; i < min(from+Rows, set.Len()); i++ {
			index = append(index, int32(i))
		}
		rows, y := x.RowBlock(0, len(index)), labels[:len(index)]
		source.Gather(rows, y, index)
		logits := net.Forward(rows, model.Eval)
		v.Score.Add(net.ScoreLogits(logits, y)[0])
		for i := range y {
			v.Classes = append(v.Classes, model.Argmax(logits, i))
		}
		v.Logits = appendColumns(v.Logits, logits)
		v.Probabilities = appendColumns(v.Probabilities, net.Probabilities(rows))
	}
	if math.IsNaN(v.Score.Loss) || math.IsInf(v.Score.Loss, 0) {
		return nil, m.bad("its numbers are too large: its probabilities are not finite; train it again; %s", screen.Advice("", m.Config.WhyDiverged(m.Config.Steps())))
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
