package results

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"bnlab/blas"
	"bnlab/cifar"
	"bnlab/cmd/internal/dataset"
	"bnlab/cmd/internal/screen"
	"bnlab/cmd/internal/shell"
	"bnlab/train/experiment"
	"bnlab/train/message"
)

// Predictions is what predict prints.
type Predictions struct {
	Model   string             `json:"model"`
	Hidden  []int              `json:"hidden"`
	BN      bool               `json:"bn"`
	Dataset experiment.Dataset `json:"dataset"` // that the network was trained on; empty where the file does not say
	Backend blas.Backend       `json:"backend"`
	Fit     cifar.Fit          `json:"fit"`    // crop: the largest centred square; squash: all, out of proportion
	Size    int                `json:"pixels"` // width and height that the network sees
	Classes []string           `json:"classes"`
	Images  []Prediction       `json:"images"`
	Refused []Refusal          `json:"refused"`
}

// Prediction is what the network makes of one picture.
type Prediction struct {
	File  string        `json:"file"`
	Class string        `json:"class"` // the most probable
	Top   []Probability `json:"top"`   // the most probable first
}

// Probability is that of a class.
type Probability struct {
	Class       string  `json:"class"`
	Probability float64 `json:"probability"`
}

// Refusal is a picture that could not be read.
type Refusal struct {
	File  string `json:"file"`
	Error string `json:"error"`
}

// Add adds the probabilities of the classes of one picture, of which the first top are
// shown.
func (r *Predictions) Add(file string, probs []float64, top int) {
	best := mostProbable(r.Classes, probs)[:top]
	r.Images = append(r.Images, Prediction{file, best[0].Class, best})
}

// mostProbable returns all classes, the most probable first.
func mostProbable(classes []string, probs []float64) []Probability {
	all := make([]Probability, len(classes))
	for j, class := range classes {
		all[j] = Probability{class, probs[j]}
	}
	slices.SortStableFunc(all, func(a, b Probability) int { return cmp.Compare(b.Probability, a.Probability) })
	return all
}

// None returns an error where no picture could be read.
func (r *Predictions) None() error {
	if len(r.Images) > 0 {
		return nil
	}
	return shell.Usagef("none of %s could be read, see above", message.Count(len(r.Refused), "picture"))
}

// Some returns an error where a picture could not be read.
func (r *Predictions) Some() error {
	if len(r.Refused) == 0 {
		return nil
	}
	return shell.Usagef("%d of %s could not be read, see above", len(r.Refused), message.Count(len(r.Refused)+len(r.Images), "picture"))
}

// Table prints a row for each picture, a column for each rank.
func (r *Predictions) Table(w io.Writer) {
	header := []string{"picture"}
	var rows [][]string
	for k := range r.Images[0].Top {
		header = append(header, fmt.Sprintf("class %d", k+1))
	}
	for _, image := range r.Images {
		row := []string{message.Text(image.File)}
		for _, p := range image.Top {
			row = append(row, fmt.Sprintf("%s %7s", p.Class, screen.Percent(p.Probability)))
		}
		rows = append(rows, row)
	}
	least := slices.Clone(header[2:]) // probable classes are left out first
	slices.Reverse(least)
	screen.Narrow(w, screen.Width(w), header, rows, least...)
	dataset.WarnOther(w, "The network was trained", "on", r.Dataset)
}
