package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"

	"bnlab/blas"
	"bnlab/cifar"
	"bnlab/cmd/internal/dataset"
	"bnlab/cmd/internal/modelfile"
	"bnlab/cmd/internal/screen"
	"bnlab/cmd/internal/shell"
	"bnlab/train/experiment"
	"bnlab/train/message"
)

type evalOptions struct {
	Set      string `flag:"set" values:"test,val,train" help:"images to classify: test, val or train"`
	Figure   string `flag:"figure" arg:"FILE" help:"draw the confusion matrix into FILE, .svg or .png, - for SVG on standard output"`
	Mistakes string `flag:"mistakes" arg:"FILE" help:"draw the worst mistakes into FILE, .png, - for standard output"`
	Logits   string `flag:"logits" arg:"FILE" help:"write the logits, a row an image, to FILE in NumPy's format (.npy), - for standard output"`
	jsonOption
	dataset.Options
	modelfile.Foreign
}

func evalCommand() *shell.Command {
	return shell.New(shell.Command{
		Name:      "eval",
		Usage:     "accuracy, confusion matrix and worst mistakes of a saved network",
		Arguments: "MODEL",
		Description: `MODEL is a file that bnlab train --save wrote, or PyTorch with safetensors
(docs/python.md). Mistakes are listed by confidence, the most confident first.
Where an output is standard output, the table goes to stderr.

Examples:
  bnlab train --bn --save m.safetensors && bnlab eval m.safetensors
  bnlab eval --set val --json m.safetensors
  bnlab eval --figure confusion.svg --mistakes mistakes.png m.safetensors
  bnlab eval --logits logits.npy m.safetensors`,
	}, evalOptions{Set: "test", Options: dataset.Default(), Foreign: modelfile.Torch()}, "", eval)
}

// evalReport is what eval --json prints.
type evalReport struct {
	Model     string             `json:"model"`
	Hidden    []int              `json:"hidden"`
	BN        bool               `json:"bn"`
	Dataset   experiment.Dataset `json:"dataset"`
	Backend   blas.Backend       `json:"backend"`
	Set       string             `json:"set"`
	Images    int                `json:"images"`
	Loss      float64            `json:"loss"`
	Accuracy  float64            `json:"accuracy"`
	Classes   []string           `json:"classes"`
	Confusion [][]int            `json:"confusion"`      // [true class][predicted class], images
	PerClass  []float64          `json:"class_accuracy"` // of the images of each class; 0 where there is none
	Mistakes  []mistake          `json:"mistakes"`       // the worst first, no more than worstMistakes
}

// mistake is an image that the network takes for one of another class.
type mistake struct {
	Image       int     `json:"image"` // index in the set
	Class       string  `json:"class"`
	Predicted   string  `json:"predicted"`
	Probability float64 `json:"probability"` // of the predicted class
}

// worstMistakes is how many mistakes are named and drawn.
const worstMistakes = 40

func eval(_ context.Context, call *shell.Call, o evalOptions) error {
	if len(call.Args) != 1 {
		return shell.Usagef("%d arguments: give one file, as `bnlab eval m.safetensors`", len(call.Args))
	}
	out, err := call.Outputs(append(o.Files(), call.Args[0]), "logits", "figure", "mistakes")
	if err != nil {
		return err
	}
	if err := checkFigures(out); err != nil {
		return err
	}
	m, err := openModel(call, o.Foreign)
	if err != nil {
		return err
	}
	data, err := m.OpenData(o.Options, call.Note)
	if err != nil {
		return err
	}
	set := map[string]cifar.Set{"test": data.Test, "val": data.Val, "train": data.Train}[o.Set]
	m.SameThreads()
	p, err := m.Classify(set)
	if err != nil {
		return err
	}
	r := evalReport{
		Model: m.Path, Hidden: m.Hidden, BN: m.BatchNorm, Dataset: data.Dataset(), Backend: blas.Current(),
		Set: o.Set, Classes: m.Classes,
	}
	r.fill(p, set.Labels)
	if out["logits"].Path != "" {
		if err := out.Write("logits", npy(p.Logits, m.Bits)); err != nil {
			return err
		}
	}
	if err := drawFigures(out, r, data.Title(), set); err != nil {
		return err
	}
	if o.JSON {
		return screen.JSON(call.Out, r)
	}
	r.print(call.Out, data)
	for _, flag := range []string{"figure", "mistakes"} {
		if o := out[flag]; o.File != "" {
			call.Note("%s: %s", flag, filepath.Clean(o.Path))
		}
	}
	return nil
}

// fill sets the numbers of the report from the predictions for images with labels.
func (r *evalReport) fill(p *modelfile.Predictions, labels []uint8) {
	r.Images, r.Loss, r.Accuracy = p.Score.Images, p.Score.MeanLoss(), p.Score.Accuracy()
	r.Confusion = make([][]int, len(r.Classes))
	for y := range r.Confusion {
		r.Confusion[y] = make([]int, len(r.Classes))
	}
	r.Mistakes = []mistake{} // never nil: in JSON none is [], not null
	for i, y := range labels {
		class := p.Classes[i]
		r.Confusion[y][class]++
		if class != int(y) {
			r.Mistakes = append(r.Mistakes, mistake{i, r.Classes[y], r.Classes[class], p.Probabilities[i][class]})
		}
	}
	slices.SortStableFunc(r.Mistakes, func(a, b mistake) int { return cmp.Compare(b.Probability, a.Probability) })
	r.Mistakes = r.Mistakes[:min(len(r.Mistakes), worstMistakes)]
	for y, counts := range r.Confusion {
		images := 0
		for _, n := range counts {
			images += n
		}
		r.PerClass = append(r.PerClass, float64(counts[y])/float64(max(images, 1)))
	}
}

func (r *evalReport) print(w io.Writer, data *dataset.Images) {
	fmt.Fprintf(w, "%s: %s of %s: accuracy %s, loss %.4f\n", message.Text(r.Model), message.Count(r.Images, r.Set+" image"), data.Title(), screen.Percent(r.Accuracy), r.Loss)
	header := []any{"true ↓ as →"}
	for _, c := range r.Classes {
		header = append(header, fmt.Sprintf("%.4s", c)) // 80 columns hold no more letters
	}
	t := screen.Table(w, 2, append(header, "right")...)
	for y, counts := range r.Confusion {
		row := []any{r.Classes[y]}
		for p, n := range counts {
			cell := strconv.Itoa(n)
			if p == y {
				cell = screen.Paint(w, screen.Strong, cell)
			}
			row = append(row, cell)
		}
		t.AppendRow(append(row, fmt.Sprintf("%.1f %%", 100*r.PerClass[y])))
	}
	t.Render()
	dataset.WarnOther(w, "These numbers are", "of", data.Dataset())
}
