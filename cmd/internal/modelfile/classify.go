package modelfile

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"

	"bnlab/blas"
	"bnlab/cifar"
	"bnlab/cmd/internal/screen"
	"bnlab/model"
)

// Predictions are the outputs of a network for n images.
type Predictions struct {
	Score         model.Score
	Classes       []int       // n: the class of the highest logit
	Logits        [][]float64 // n×classes
	Probabilities [][]float64 // n×classes
}

// Classify runs the images of set through the network, standardised like its training
// images, in the precision of its file.
func (m *File) Classify(set cifar.Set) (*Predictions, error) {
	if m.Bits == 64 {
		return classify[float64](m, set)
	}
	return classify[float32](m, set)
}

// Rows is how many images go through the network at a time.
const Rows = 500

func classify[T blas.Float](m *File, set cifar.Set) (*Predictions, error) {
	net, err := model.Restore[T](m.Saved, m.spec())
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
