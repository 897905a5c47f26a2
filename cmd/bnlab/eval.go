package main

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/urfave/cli/v2"

	"bnlab/blas"
	"bnlab/cifar"
	"bnlab/train/experiment"
	"bnlab/train/message"
)

func evalCommand() *cli.Command {
	return &cli.Command{
		Name:      "eval",
		Usage:     "accuracy, confusion matrix and worst mistakes of a saved network",
		UsageText: "bnlab eval [flags] MODEL",
		Description: `MODEL is a file that bnlab train --save wrote, or PyTorch with safetensors
(docs/python.md). Mistakes are listed by confidence, the most confident first.
Where an output is standard output, the table goes to stderr.

Examples:
  bnlab train --bn --save m.safetensors && bnlab eval m.safetensors
  bnlab eval --set val --json m.safetensors
  bnlab eval --figure confusion.svg --mistakes mistakes.png m.safetensors
  bnlab eval --logits logits.npy m.safetensors`,
		Flags: flags([]cli.Flag{
			textFlag("set", "test", "images to classify: test, val or train"),
			textFlag("figure", "", "draw the confusion matrix into `FILE`, .svg or .png, - for SVG on standard output"),
			textFlag("mistakes", "", "draw the worst mistakes into `FILE`, .png, - for standard output"),
			logitsFlag(),
			jsonFlag(),
		}, dataFlags(), foreignFlags()),
		Action: evalAction,
	}
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

func evalAction(ctx *cli.Context) error {
	if ctx.NArg() != 1 {
		return usagef("%d arguments: give one file, as `bnlab eval m.safetensors`", ctx.NArg())
	}
	out, err := outputsOf(ctx, append(dataFiles(ctx), ctx.Args().First()), "logits", "figure", "mistakes")
	if err != nil {
		return err
	}
	if err := checkFigures(out); err != nil {
		return err
	}
	m, err := modelOf(ctx)
	if err != nil {
		return err
	}
	data, err := m.openData(ctx)
	if err != nil {
		return err
	}
	set, err := setOf(ctx, data)
	if err != nil {
		return err
	}
	m.borrowStandard(ctx, data)
	sameThreads(m)
	v, err := m.classify(set)
	if err != nil {
		return err
	}
	r := evalReport{
		Model: m.path, Hidden: m.Hidden, BN: m.BatchNorm, Dataset: data.dataset(), Backend: blas.Current(),
		Set: ctx.String("set"), Classes: m.classes,
	}
	r.fill(v, set.Labels)
	if out["logits"].Path != "" {
		if err := out.write("logits", npy(v.logits, m.Bits)); err != nil {
			return err
		}
	}
	if err := drawFigures(out, r, data.title(), set); err != nil {
		return err
	}
	if ctx.Bool("json") {
		return printJSON(ctx.App.Writer, r)
	}
	printEval(ctx, data, r)
	for _, flag := range []string{"figure", "mistakes"} {
		if o := out[flag]; o.File != "" {
			note(ctx, "%s: %s", flag, filepath.Clean(o.Path))
		}
	}
	return nil
}

// setOf returns the images that --set names.
func setOf(ctx *cli.Context, data *images) (cifar.Set, error) {
	sets := map[string]cifar.Set{"test": data.Test, "val": data.Val, "train": data.Train}
	return sets[ctx.String("set")], checkWord(ctx, "set")
}

// fill sets the numbers of the report from the verdicts on images with labels.
func (r *evalReport) fill(v *verdicts, labels []uint8) {
	r.Images, r.Loss, r.Accuracy = v.score.Images, v.score.MeanLoss(), v.score.Accuracy()
	r.Confusion = make([][]int, len(r.Classes))
	for y := range r.Confusion {
		r.Confusion[y] = make([]int, len(r.Classes))
	}
	r.Mistakes = []mistake{} // never nil: in JSON none is [], not null
	for i, y := range labels {
		p := v.classes[i]
		r.Confusion[y][p]++
		if p != int(y) {
			r.Mistakes = append(r.Mistakes, mistake{i, r.Classes[y], r.Classes[p], v.probs[i][p]})
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

func printEval(ctx *cli.Context, data *images, r evalReport) {
	w := ctx.App.Writer
	fmt.Fprintf(w, "%s: %s of %s: accuracy %s, loss %.4f\n", visible(r.Model), message.Count(r.Images, r.Set+" image"), data.title(), percent(r.Accuracy), r.Loss)
	header := []any{"true ↓ as →"}
	for _, c := range r.Classes {
		header = append(header, fmt.Sprintf("%.4s", c)) // 80 columns hold no more letters
	}
	t := newTable(w, 2, append(header, "right")...)
	for y, counts := range r.Confusion {
		row := []any{r.Classes[y]}
		for p, n := range counts {
			cell := strconv.Itoa(n)
			if p == y {
				cell = paint(w, strong, cell)
			}
			row = append(row, cell)
		}
		t.AppendRow(append(row, fmt.Sprintf("%.1f %%", 100*r.PerClass[y])))
	}
	t.Render()
	warnOtherData(w, "These numbers are", "of", data.dataset())
}
