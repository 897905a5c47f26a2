package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"bnlab/blas"
	"bnlab/cifar"
	"bnlab/model"
	"bnlab/train/experiment"
)

func evalCommand() *cli.Command {
	return &cli.Command{
		Name:      "eval",
		Usage:     "accuracy and confusion matrix of a saved network",
		UsageText: "bnlab eval [flags] MODEL",
		Description: `MODEL is a file that bnlab train --save wrote.

Examples:
  bnlab train --bn --save m.safetensors && bnlab eval m.safetensors
  bnlab eval --set val --json m.safetensors`,
		Flags: flags([]cli.Flag{
			textFlag("set", "test", "images to classify: test, val or train"),
			jsonFlag(),
		}, dataFlags()),
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
	Confusion [][]int            `json:"confusion"` // [true class][predicted class], images
}

func evalAction(ctx *cli.Context) error {
	if ctx.NArg() != 1 {
		return usagef("%d arguments: give one file, as `bnlab eval m.safetensors`", ctx.NArg())
	}
	m, err := readModel(ctx.Args().First())
	if err != nil {
		return err
	}
	data, err := openData(ctx, m.config)
	if err != nil {
		return err
	}
	var set cifar.Set
	switch name := ctx.String("set"); name {
	case "test":
		set = data.Test
	case "val":
		set = data.Val
	case "train":
		set = data.Train
	default:
		return usagef("--set %q: give test, val or train", name)
	}
	if m.standard == nil {
		m.standard = &data.standard
	}
	blas.SetThreads(1)
	report := evalReport{
		Model: m.path, Hidden: m.Hidden, BN: m.BatchNorm, Dataset: data.dataset(), Backend: blas.Current(),
		Set: ctx.String("set"), Classes: m.classes,
	}
	if m.Bits == 64 {
		err = evaluate[float64](&report, m, set)
	} else {
		err = evaluate[float32](&report, m, set)
	}
	if err != nil {
		return err
	}
	if ctx.Bool("json") {
		return printJSON(ctx.App.Writer, report)
	}
	printEval(ctx, data, report)
	return nil
}

// evalRows is how many images are classified at a time.
const evalRows = 500

// evaluate classifies the images of set and fills in the numbers of r.
func evaluate[T blas.Float](r *evalReport, m *modelFile, set cifar.Set) error {
	net, err := model.Restore[T](m.Saved, m.config.BNEps, m.config.BNAlpha, evalRows)
	if err != nil {
		return fmt.Errorf("%s: %w", m.path, err)
	}
	r.Confusion = make([][]int, len(m.classes))
	for i := range r.Confusion {
		r.Confusion[i] = make([]int, len(m.classes))
	}
	source := cifar.NewImages[T](set, *m.standard)
	x, labels := blas.NewSpaced[T](evalRows, cifar.Dim), make([]uint8, evalRows)
	var total model.Score
	for from := 0; from < set.Len(); from += evalRows {
		var index []int32
		for i := from; i < min(from+evalRows, set.Len()); i++ {
			index = append(index, int32(i))
		}
		rows, y := x.RowBlock(0, len(index)), labels[:len(index)]
		source.Gather(rows, y, index)
		logits := net.Forward(rows, model.Eval)
		total.Add(model.CrossEntropy(logits, y))
		for i, class := range y {
			r.Confusion[class][model.Argmax(logits, i)]++
		}
	}
	r.Images, r.Loss, r.Accuracy = total.Images, total.MeanLoss(), total.Accuracy()
	return nil
}

func printEval(ctx *cli.Context, data *images, r evalReport) {
	w := ctx.App.Writer
	fmt.Fprintf(w, "%s: %d %s images of %s: accuracy %s, loss %.4f\n", r.Model, r.Images, r.Set, data.title(), percent(r.Accuracy), r.Loss)
	header := []any{"true class ↓ predicted →"}
	for _, c := range r.Classes {
		header = append(header, c)
	}
	t := newTable(w, 2, append(header, "right")...)
	for y, counts := range r.Confusion {
		row, sum := []any{r.Classes[y]}, 0
		for _, n := range counts {
			row = append(row, n)
			sum += n
		}
		t.AppendRow(append(row, percent(float64(counts[y])/float64(max(sum, 1)))))
	}
	t.Render()
	warnSynthetic(w, data.Name)
}
