package modelfile

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"strings"

	"bnlab/blas"
	"bnlab/cifar"
	"bnlab/cmd/internal/screen"
	"bnlab/model"
	"bnlab/train"
)

// Predictions are the outputs of a network for n images.
type Predictions struct {
	Score         model.Score
	Classes       []int       // n: the class of the highest logit
	Logits        [][]float64 // n×classes
	Probabilities [][]float64 // n×classes; with the loss hinge, which has none, the logits
}

// Classify runs the images of set through the network, standardised like its training
// images, in the precision of its file.
func (m *File) Classify(set cifar.Set) (*Predictions, error) {
	return m.ClassifyBy(train.Measure{Kind: model.Running}, set, cifar.Set{})
}

// ClassifyBy is Classify with statistics of batch normalisation as by says; precise ones are
// of images of training.
func (m *File) ClassifyBy(by train.Measure, set, training cifar.Set) (*Predictions, error) {
	if m.Bits == 64 {
		return classify[float64](m, by, set, training)
	}
	return classify[float32](m, by, set, training)
}

// Rows is how many images go through the network at a time.
const Rows = train.EvalRows

func classify[T blas.Float](m *File, by train.Measure, set, training cifar.Set) (*Predictions, error) {
	rows := max(Rows, by.Batch)
	net, err := model.Restore[T](m.Saved, m.spec(rows))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.Path, err)
	}
	v := &Predictions{}
	evaluator := train.Evaluator[T]{
		Net: net, Train: cifar.NewImages[T](training, *m.Standard),
		X: blas.NewSpaced[T](rows, cifar.Dim), Labels: make([]uint8, rows),
	}
	evaluator.By(context.Background(), by, func(pass train.Pass[T]) {
		pass(cifar.NewImages[T](set, *m.Standard), 0, func(logits blas.Matrix[T], labels []uint8) {
			v.Score.Add(net.ScoreLogits(logits, labels)[0])
			for i := range labels {
				v.Classes = append(v.Classes, model.Argmax(logits, i))
			}
			v.Logits = appendColumns(v.Logits, logits)
			net.ToProbabilities(logits)
			v.Probabilities = appendColumns(v.Probabilities, logits)
		})
	})
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

// NPY returns rows as a file of NumPy's format, version 1.0: a magic number, the
// length of a header, the header, padded to a multiple of 64 bytes, and the
// numbers row by row. There is a library, npyio; it brings two more modules for
// these few lines.
func NPY(rows [][]float64, bits int) []byte {
	columns := 0
	if len(rows) > 0 {
		columns = len(rows[0])
	}
	header := fmt.Sprintf("{'descr': '<f%d', 'fortran_order': False, 'shape': (%d, %d), }", bits/8, len(rows), columns)
	const before = 10 // bytes: magic number, version and length
	header += strings.Repeat(" ", 63-(before+len(header))%64) + "\n"
	file := append([]byte("\x93NUMPY\x01\x00"), byte(len(header)), byte(len(header)>>8))
	file = append(file, header...)
	for _, row := range rows {
		for _, v := range row {
			if bits == 32 {
				file, _ = binary.Append(file, binary.LittleEndian, float32(v))
			} else {
				file, _ = binary.Append(file, binary.LittleEndian, v)
			}
		}
	}
	return file
}
