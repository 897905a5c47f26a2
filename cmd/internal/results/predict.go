package results

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"bnlab/blas"
	"bnlab/cifar"
	"bnlab/cmd/internal/dataset"
	"bnlab/cmd/internal/modelfile"
	"bnlab/cmd/internal/screen"
	"bnlab/model"
	"bnlab/train"
	"bnlab/train/experiment"
	"bnlab/train/message"
)

// Network is what is printed about a saved network.
type Network struct {
	Model   string             `json:"model"` // file
	Hidden  []int              `json:"hidden"`
	BN      bool               `json:"bn"`
	Norm    model.Norm         `json:"norm,omitempty"` // another normalisation than bn
	Dataset experiment.Dataset `json:"dataset"`        // of the images, or else of those it was trained on; empty if the file does not say
	Backend blas.Backend       `json:"backend"`

	Precision train.Precision `json:"precision,omitempty"` // bf16, or empty
}

// NewNetwork returns that of m, with the data set d.
func NewNetwork(m *modelfile.File, d experiment.Dataset) Network {
	n := Network{Model: m.Path, Hidden: m.Hidden, BN: m.BatchNorm, Dataset: d, Backend: m.Config.Precision.Backend()}
	if m.Config.Precision == train.BF16 {
		n.Precision = train.BF16
	}
	if m.LayerNorm {
		n.Norm = model.LayerNorm
	}
	return n
}

// Predictions is what predict prints.
type Predictions struct {
	Network
	Fit     cifar.Fit    `json:"fit"`    // crop: the largest centred square; squash: the whole picture, distorted
	Size    int          `json:"pixels"` // width and height that the network sees
	Classes []string     `json:"classes"`
	Images  []Prediction `json:"images"`
	Refused []Refusal    `json:"refused"`
	Loss    model.Loss   `json:"-"` // of the network, which says what its outputs mean
}

// Prediction is the prediction for one picture.
type Prediction struct {
	File  string        `json:"file"`
	Class string        `json:"class"` // the most probable
	Top   []Probability `json:"top"`   // the most probable first
}

// Probability is that of a class, or its score.
type Probability struct {
	Class string `json:"class"`
	Certainty
}

// Certainty is how sure a network is of a class: a probability, or where its loss has none the
// logit as its score.
type Certainty struct {
	Probability *float64 `json:"probability,omitempty"`
	Score       *float64 `json:"score,omitempty"`
}

// certaintyOf returns that of a value of a network with the loss.
func certaintyOf(value float64, loss model.Loss) Certainty {
	if loss.HasProbabilities() {
		return Certainty{Probability: &value}
	}
	return Certainty{Score: &value}
}

// value returns the number that it is.
func (c Certainty) value() float64 {
	if c.Probability != nil {
		return *c.Probability
	}
	return *c.Score
}

// text returns the number for a table.
func (c Certainty) text() string {
	if c.Probability != nil {
		return screen.Percent(*c.Probability)
	}
	return fmt.Sprintf("%.2f", *c.Score)
}

// Refusal is a picture that could not be read.
type Refusal struct {
	File  string `json:"file"`
	Error string `json:"error"`
}

// Add adds the class probabilities, or scores, of one picture, of which the top ones are shown.
func (r *Predictions) Add(file string, probs []float64, top int) {
	all := make([]Probability, len(r.Classes))
	for j, class := range r.Classes {
		all[j] = Probability{class, certaintyOf(probs[j], r.Loss)}
	}
	slices.SortStableFunc(all, func(a, b Probability) int { return cmp.Compare(b.value(), a.value()) })
	r.Images = append(r.Images, Prediction{file, all[0].Class, all[:top]})
}

// Table prints one row per picture and one column per rank.
func (r *Predictions) Table(w io.Writer) {
	header := []string{"picture"}
	var rows [][]string
	for k := range r.Images[0].Top {
		header = append(header, fmt.Sprintf("class %d", k+1))
	}
	for _, image := range r.Images {
		row := []string{message.Text(image.File)}
		for _, p := range image.Top {
			row = append(row, fmt.Sprintf("%s %7s", p.Class, p.text()))
		}
		rows = append(rows, row)
	}
	least := slices.Clone(header[2:]) // the most probable classes are omitted first
	slices.Reverse(least)
	screen.Narrow(w, screen.Width(w), header, rows, least...)
	if !r.Loss.HasProbabilities() {
		fmt.Fprintf(w, "Scores: the loss %s has no probabilities.\n", r.Loss)
	}
	dataset.WarnOther(w, "The network was trained", "on", r.Dataset)
}
