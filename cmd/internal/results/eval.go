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
	LossOf     model.Loss       `json:"-"`              // what Loss is
	Logits     [][]float64      `json:"-"`              // images×classes; of several networks the logarithms of their mean probabilities

	Mirror  bool     `json:"mirror,omitempty"`        // averaged over each image and its mirror image
	Members []Member `json:"members,omitempty"`       // several networks, of which all of this is the average
	Vote    *float64 `json:"vote_accuracy,omitempty"` // of the class that most of them give
}

// Member is one of several networks.
type Member struct {
	Model    string  `json:"model"`
	Hidden   []int   `json:"hidden"`
	BN       bool    `json:"bn"`
	Loss     float64 `json:"loss"`
	Accuracy float64 `json:"accuracy"`
}

// Mistake is a misclassified image.
type Mistake struct {
	Image     int    `json:"image"` // index in the set
	Class     string `json:"class"`
	Predicted string `json:"predicted"`
	Certainty        // of the predicted class
}

// WorstMistakes is how many mistakes are listed and drawn.
const WorstMistakes = 40

// NewEval evaluates a network, or several together, on a set of images of data, from the
// predictions of each and the labels.
func NewEval(models []*modelfile.File, data *dataset.Images, set string, predictions []*modelfile.Predictions, labels []uint8) *Eval {
	r := &Eval{Network: NewNetwork(models[0], data.Dataset()), Set: set, Classes: models[0].Classes, LossOf: models[0].Config.Loss}
	p := predictions[0]
	if len(models) > 1 {
		p = modelfile.Average(r.LossOf, predictions, labels)
		r.join(models, predictions, p, labels)
	}
	r.fill(p, labels)
	return r
}

// With says with which statistics of batch normalisation it is, and whether of mirror images
// too.
func (r *Eval) With(kind model.Statistics, mirror bool) {
	if r.Mirror = mirror; kind != model.Running {
		r.Statistics = kind
	}
}

// join fills in what there is of several networks alone. mean is their average.
func (r *Eval) join(models []*modelfile.File, predictions []*modelfile.Predictions, mean *modelfile.Predictions, labels []uint8) {
	var names []string
	for i, m := range models {
		names = append(names, m.Path)
		score := predictions[i].Score
		r.Members = append(r.Members, Member{m.Path, m.Hidden, m.BatchNorm, score.MeanLoss(), score.Accuracy()})
	}
	r.Model = strings.Join(names, ", ")
	right := 0
	for i, class := range modelfile.Vote(predictions, mean) {
		if class == int(labels[i]) {
			right++
		}
	}
	vote := float64(right) / float64(len(labels))
	r.Vote = &vote
}

// fill sets the numbers of the report from the predictions for images with labels.
func (r *Eval) fill(p *modelfile.Predictions, labels []uint8) {
	r.Logits = p.Logits
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
			r.Mistakes = append(r.Mistakes, Mistake{i, r.Classes[y], r.Classes[class], certaintyOf(p.Probabilities[i][class], r.LossOf)})
		}
	}
	slices.SortStableFunc(r.Mistakes, func(a, b Mistake) int { return cmp.Compare(b.value(), a.value()) })
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
	name := r.Model
	if len(r.Members) > 0 {
		name = fmt.Sprintf("%d networks", len(r.Members))
	}
	fmt.Fprintf(w, "%s%s: %s of %s: accuracy %s, loss %.4f\n", message.Text(name), r.Precision.Mark(), message.Count(r.Images, r.Set+" image"), r.Dataset.Title(), screen.Percent(r.Accuracy), r.Loss)
	header := []any{"true ↓ as →"}
	for _, c := range r.Classes {
		header = append(header, fmt.Sprintf("%.4s", c)) // more letters do not fit into 80 columns
	}
	if r.Statistics != "" {
		fmt.Fprintf(w, "with %s statistics of batch normalisation\n", r.Statistics)
	}
	if r.Mirror {
		fmt.Fprintln(w, "averaged over each image and its mirror image")
	}
	for _, m := range r.Members {
		fmt.Fprintf(w, "  %s alone: accuracy %s, loss %.4f\n", message.Text(m.Model), screen.Percent(m.Accuracy), m.Loss)
	}
	if r.Vote != nil {
		fmt.Fprintf(w, "  majority vote: accuracy %s\n", screen.Percent(*r.Vote))
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
	name := message.Text(filepath.Base(r.Model))
	if len(r.Members) > 0 {
		name = fmt.Sprintf("%d networks", len(r.Members))
	}
	return fmt.Sprintf("%s, %d %s images of %s", name, r.Images, r.Set, r.Dataset.Title())
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

// certainty names what a network says of a class.
func (r *Eval) certainty() string {
	if r.LossOf.HasProbabilities() {
		return "probability"
	}
	return "score"
}

// short returns the number of a mistake for a picture.
func (m Mistake) short() string {
	if m.Score != nil {
		return fmt.Sprintf("%.1f", *m.Score)
	}
	return fmt.Sprintf("%.0f %%", 100**m.Probability)
}

// DrawMistakes draws the worst mistakes, images of set, as PNG.
func (r *Eval) DrawMistakes(set cifar.Set) ([]byte, error) {
	g := figure.Gallery{Title: "The most confident mistakes", Subtitle: r.about() + ": predicted class and its " + r.certainty() + ", true class below"}
	for _, m := range r.Mistakes {
		g.Tiles = append(g.Tiles, figure.Tile{
			Picture: set.Picture(m.Image),
			First:   m.Predicted + " " + m.short(),
			Second:  "is " + m.Class,
		})
	}
	return g.PNG()
}
