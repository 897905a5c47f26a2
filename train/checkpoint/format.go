// Package checkpoint keeps the state of a training on disk, so that a killed training
// resumes from the end of its last epoch, with the same bits.
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

// Training is everything that the bits of a training depend on. A checkpoint can be
// used only by the training it belongs to.
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

// text returns a text that is equal for equal trainings.
func (of Training) text() json.RawMessage {
	text, err := json.Marshal(of)
	if err != nil {
		panic("checkpoint: training that cannot be written: " + err.Error())
	}
	return text
}

// decode returns the state in a file, or a one-line error that says why the training
// cannot use it.
func (of Training) decode(file []byte) (s train.State, err error) {
	end := len(file) - sha256.Size
	if end < 0 {
		return s, fmt.Errorf("%s, too few for a checkpoint: it is truncated", message.Count(len(file), "byte"))
	}
	if sum := sha256.Sum256(file[:end]); !bytes.Equal(sum[:], file[end:]) {
		return s, errors.New("checksum mismatch: it is truncated or damaged")
	}
	line, numbers, found := bytes.Cut(file[:end], []byte("\n"))
	if !found || len(line) > of.maxLine() {
		return s, errors.New("it does not begin with a line about a training: it is not a checkpoint")
	}
	var h header
	if err := json.Unmarshal(line, &h); err != nil {
		return s, fmt.Errorf("it is not a checkpoint: %w", err)
	}
	if h.Format != Format {
		return s, fmt.Errorf("it is of format %d, this program reads %d", h.Format, Format)
	}
	if text := of.text(); !bytes.Equal(h.Training, text) {
		return s, fmt.Errorf("it is of another training: %s", difference(h.Training, text))
	}
	if err := json.Unmarshal(h.State, &s); err != nil {
		return train.State{}, fmt.Errorf("its state is invalid: %w", err)
	}
	s.Numbers = numbers
	return s, nil
}

// digest identifies the training in a file name.
func (of Training) digest() string {
	sum := sha256.Sum256(of.text())
	return hex.EncodeToString(sum[:4])
}

// maxLine limits the first line of a file, far above what the training needs, so that
// reading a foreign file takes no more memory than one of ours.
func (of Training) maxLine() int {
	size := 1<<16 + len(of.text())
	for _, c := range of.Trials {
		size += c.ResultBytes() + c.CurveBytes()
	}
	return size
}

// maxFile limits the length of a file, several times above what the training needs: no
// image has more values, and no set more classes.
func (of Training) maxFile() int64 {
	const values, classes = 1 << 14, 1 << 10
	size := of.maxLine() + sha256.Size
	for _, c := range of.Trials {
		in, bytes := values, c.Precision.Bits()/8*(1+c.Moments())
		for _, out := range append(slices.Clone(c.Hidden), classes) {
			size += bytes * (in + 5) * out // bias, γ, β, mean and variance
			in = out
		}
	}
	return int64(size)
}
