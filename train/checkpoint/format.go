// Package checkpoint keeps the state of a training on disk, so that a training that
// was killed continues from the end of its last epoch, to the same bits.
//
// A checkpoint is one line of JSON that says which training and step it belongs to,
// then the parameters and running statistics in the form of train.State, then the
// SHA-256 of all that, 32 bytes.
package checkpoint

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"bnlab/blas"
	"bnlab/train"
	"bnlab/train/message"
)

// Format is the version of the file.
const Format = 1

// Training is everything that the bits of a training depend on. A checkpoint serves
// only the training it belongs to.
type Training struct {
	Program string         `json:"program"` // version of bnlab
	Dataset string         `json:"dataset"` // SHA-256 over the data
	Backend blas.Backend   `json:"backend"`
	Trials  []train.Config `json:"trials"` // side by side, in this order
}

// header is the first line of a file.
type header struct {
	Format   int             `json:"format"`
	Training json.RawMessage `json:"training"`
	State    json.RawMessage `json:"state"`
}

// encode returns a file in parts.
func (of Training) encode(s train.State) ([][]byte, error) {
	state, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	line, err := json.Marshal(header{Format, of.text(), state})
	if err != nil {
		return nil, err
	}
	parts := [][]byte{line, []byte("\n"), s.Numbers}
	sum := sha256.New()
	for _, part := range parts {
		sum.Write(part)
	}
	return append(parts, sum.Sum(nil)), nil
}

// text writes the training so that equal ones give equal texts.
func (of Training) text() json.RawMessage {
	text, err := json.Marshal(of)
	if err != nil {
		panic("checkpoint: training that cannot be written: " + err.Error())
	}
	return text
}

// decode returns the state that a file holds, or an error of one line that says
// why it is of no use to the training.
func (of Training) decode(file []byte) (s train.State, err error) {
	end := len(file) - sha256.Size
	if end < 0 {
		return s, fmt.Errorf("%s, too few for a checkpoint: it is cut", message.Count(len(file), "byte"))
	}
	if sum := sha256.Sum256(file[:end]); !bytes.Equal(sum[:], file[end:]) {
		return s, errors.New("its checksum does not hold: it is cut or damaged")
	}
	line, numbers, found := bytes.Cut(file[:end], []byte("\n"))
	if !found || len(line) > of.maxLine() {
		return s, errors.New("it does not begin with a line about a training: it is no checkpoint")
	}
	var h header
	if err := json.Unmarshal(line, &h); err != nil {
		return s, fmt.Errorf("it is no checkpoint: %w", err)
	}
	if h.Format != Format {
		return s, fmt.Errorf("it is of format %d, this program reads %d", h.Format, Format)
	}
	if text := of.text(); !bytes.Equal(h.Training, text) {
		return s, fmt.Errorf("it is of another training: %s", difference(h.Training, text))
	}
	if err := json.Unmarshal(h.State, &s); err != nil {
		return train.State{}, fmt.Errorf("its state makes no sense: %w", err)
	}
	s.Numbers = numbers
	return s, nil
}

// digest tells the training from others in the name of a file.
func (of Training) digest() string {
	sum := sha256.Sum256(of.text())
	return hex.EncodeToString(sum[:4])
}

// maxLine bounds the first line of a file, far above what the training needs, so
// that reading a file of another author takes no more memory than one of ours.
func (of Training) maxLine() int {
	size := 1<<16 + len(of.text())
	for _, c := range of.Trials {
		points := 1 + c.Evals*c.Cycles
		size += 1024 + 512*points
	}
	return size
}

// maxFile bounds the length of a file, some times above what the training needs:
// no image is of more values, and no set of more classes.
func (of Training) maxFile() int64 {
	const values, classes = 1 << 14, 1 << 10
	size := of.maxLine() + sha256.Size
	for _, c := range of.Trials {
		in, bytes := values, 8
		if c.Precision == train.F32 {
			bytes = 4
		}
		for _, out := range append(slices.Clone(c.Hidden), classes) {
			size += bytes * (in + 5) * out // bias, γ, β, mean and variance
			in = out
		}
	}
	return int64(size)
}
