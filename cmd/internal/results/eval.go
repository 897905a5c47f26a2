package results

import (
	"cmp"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"bnlab/cifar"
	"bnlab/cmd/internal/dataset"
	"bnlab/cmd/internal/modelfile"
	"bnlab/cmd/internal/screen"
	"bnlab/model"
	"bnlab/train/message"
	"bnlab/train/report/figure"
)

// Eval is what eval prints.
type Eval struct {
	Network
	Statistics model.Statistics `json:"statistics,omitempty"` // of batch normalisation; empty for the running ones
	Set        string           `json:"set"`
	Images     int              `json:"images"`
	Loss       float64          `json:"loss"`
	Accuracy   float64          `json:"accuracy"`
	Classes    []string         `json:"classes"`
	Confusion  [][]int          `json:"confusion"`      // [true class][predicted class], images
	PerClass   []float64        `json:"class_accuracy"` // accuracy per class; 0 without images
	Mistakes   []Mistake        `json:"mistakes"`       // worst first, at most WorstMistakes
}

// Mistake is a misclassified image.
type Mistake struct {
	Image       int     `json:"image"` // index in the set
	Class       string  `json:"class"`
	Predicted   string  `json:"predicted"`
	Probability float64 `json:"probability"` // of the predicted class
}

// WorstMistakes is how many mistakes are listed and drawn.
const WorstMistakes = 40

// NewEval evaluates a network on a set of images of data, from its predictions with a kind of
// statistics and the labels.
func NewEval(m *modelfile.File, data *dataset.Images, set string, kind model.Statistics, p *modelfile.Predictions, labels []uint8) *Eval {
	r := &Eval{Network: NewNetwork(m, data.Dataset()), Set: set, Classes: m.Classes}
	if kind != model.Running {
		r.Statistics = kind
	}
	r.fill(p, labels)
	return r
}

// fill sets the numbers of the report from the predictions for images with labels.
func (r *Eval) fill(p *modelfile.Predictions, labels []uint8) {
	r.Images, r.Loss, r.Accuracy = p.Score.Images, p.Score.MeanLoss(), p.Score.Accuracy()
	r.Confusion = make([][]int, len(r.Classes))
	for y := range r.Confusion {
		r.Confusion[y] = make([]int, len(r.Classes))
	}
	r.Mistakes = []Mistake{} // never nil: in JSON it must be [], not null
	for i, y := range labels {
		class := p.Classes[i]
		r.Confusion[y][class]++
		if class != int(y) {
			r.Mistakes = append(r.Mistakes, Mistake{i, r.Classes[y], r.Classes[class], p.Probabilities[i][class]})
		}
	}
	slices.SortStableFunc(r.Mistakes, func(a, b Mistake) int { return cmp.Compare(b.Probability, a.Probability) })
	r.Mistakes = r.Mistakes[:min(len(r.Mistakes), WorstMistakes)]
	for y, counts := range r.Confusion {
		images := 0
		for _, n := range counts {
			images += n
		}
		r.PerClass = append(r.PerClass, float64(counts[y])/float64(max(images, 1)))
	}
}

// Table writes the confusion matrix.
func (r *Eval) Table(w io.Writer) {
	fmt.Fprintf(w, "%s: %s of %s: accuracy %s, loss %.4f\n", message.Text(r.Model), message.Count(r.Images, r.Set+" image"), r.Dataset.Title(), screen.Percent(r.Accuracy), r.Loss)
	header := []any{"true ↓ as →"}
	for _, c := range r.Classes {
		header = append(header, fmt.Sprintf("%.4s", c)) // more letters do not fit into 80 columns
	}
	if r.Statistics != "" {
		fmt.Fprintf(w, "with %s statistics of batch normalisation\n", r.Statistics)
	}
	t := screen.Table(w, 2, append(header, "right")...)
	for y, counts := range r.Confusion {
		row := []any{r.Classes[y]}
		for p, n := range counts {
			cell := strconv.Itoa(n)
			if p == y {
				cell = screen.Colourise(w, screen.Strong, cell)
			}
			row = append(row, cell)
		}
		t.AppendRow(append(row, fmt.Sprintf("%.1f %%", 100*r.PerClass[y])))
	}
	t.Render()
	dataset.WarnOther(w, "These numbers are", "of", r.Dataset)
}

// about says of what the figures are.
func (r *Eval) about() string {
	model := message.Text(filepath.Base(r.Model))
	return fmt.Sprintf("%s, %d %s images of %s", model, r.Images, r.Set, r.Dataset.Title())
}

// DrawConfusion draws the confusion matrix in the format of the path's extension: PNG,
// or else SVG.
func (r *Eval) DrawConfusion(path string) ([]byte, error) {
	c := figure.Confusion{
		Title: "Confusion matrix", Subtitle: fmt.Sprintf("%s: %s right", r.about(), screen.Percent(r.Accuracy)),
		Classes: r.Classes, Counts: r.Confusion,
	}
	if strings.EqualFold(filepath.Ext(path), ".png") {
		return c.PNG()
	}
	return c.SVG()
}

// DrawMistakes draws the worst mistakes, images of set, as PNG.
func (r *Eval) DrawMistakes(set cifar.Set) ([]byte, error) {
	g := figure.Gallery{Title: "The most confident mistakes", Subtitle: r.about() + ": predicted class and its probability, true class below"}
	for _, m := range r.Mistakes {
		g.Tiles = append(g.Tiles, figure.Tile{
			Picture: set.Picture(m.Image),
			First:   fmt.Sprintf("%s %.0f %%", m.Predicted, 100*m.Probability),
			Second:  "is " + m.Class,
		})
	}
	return g.PNG()
}
