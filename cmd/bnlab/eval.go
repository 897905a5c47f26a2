package main

import (
	"context"
	"path/filepath"

	"bnlab/cifar"
	"bnlab/cmd/internal/dataset"
	"bnlab/cmd/internal/modelfile"
	"bnlab/cmd/internal/results"
	"bnlab/cmd/internal/shell"
	"bnlab/model"
	"bnlab/train"
)

type evalOptions struct {
	Set           string           `flag:"set" values:"test,val,train" help:"images to classify"`
	Figure        string           `flag:"figure" arg:"FILE" ext:".svg,.png" help:"draw the confusion matrix to FILE, .svg or .png (- for SVG on standard output)"`
	Mistakes      string           `flag:"mistakes" arg:"FILE" ext:".png" help:"draw the worst mistakes to FILE, .png (- for standard output)"`
	Logits        string           `flag:"logits" arg:"FILE" ext:".npy" help:"write the logits, one row per image, to FILE in NumPy format, .npy (- for standard output)"`
	Statistics    model.Statistics `flag:"statistics" values:"running,precise,adaptive,batch" help:"statistics of batch normalisation to evaluate with"`
	PreciseImages int              `flag:"precise-images" min:"0" help:"first training images over which precise statistics are taken (0 = all)"`
	EvalBatch     int              `flag:"eval-batch" min:"0" max:"65536" help:"images that statistics batch normalises together (0 = those of a mini-batch in training)"`
	Mirror        bool             `flag:"mirror" help:"average the probabilities of each image and its mirror image"`
	shell.Format
	dataset.Options
	modelfile.Foreign
}

func evalCommand() *shell.Command {
	return shell.New(shell.Command{
		Name:      "eval",
		Usage:     "show accuracy, confusion matrix and worst mistakes of a network",
		Arguments: "MODEL...",
		Description: `MODEL is a file written by bnlab train --save, or by PyTorch with safetensors
(docs/python.md). Mistakes are listed most confident first. If an output goes to
standard output, the table goes to stderr.

Of several networks the probabilities are averaged, each with batch normalisation's
statistics of its own; their own accuracies, and that of the class that most of
them give, are shown too.

Examples:
  bnlab train --bn --save m.safetensors && bnlab eval m.safetensors
  bnlab eval --set val --json m.safetensors
  bnlab eval --figure confusion.svg --mistakes mistakes.png m.safetensors
  bnlab eval --logits logits.npy m.safetensors
  bnlab eval --statistics precise m.safetensors
  bnlab train --bn --snapshots --cycles 2 --save s.safetensors && bnlab eval --mirror s-cycle1.safetensors s-cycle2.safetensors`,
	}, evalOptions{Set: "test", Statistics: model.Running, Options: dataset.Default(), Foreign: modelfile.Torch()}, "", eval)
}

func eval(_ context.Context, call *shell.Call, o evalOptions) error {
	if len(call.Args) == 0 {
		return shell.Usagef("0 arguments: give a file, as in `bnlab eval m.safetensors`, or several")
	}
	out, err := call.Outputs(append(o.Files(), call.Args...), "logits", "figure", "mistakes")
	if err != nil {
		return err
	}
	models, err := o.open(call)
	if err != nil {
		return err
	}
	data, err := models[0].OpenData(o.Options, call.Note)
	if err != nil {
		return err
	}
	set := map[string]cifar.Set{"test": data.Test, "val": data.Val, "train": data.Train}[o.Set]
	members := make([]*modelfile.Predictions, len(models))
	for i, m := range models {
		if members[i], err = o.classify(call, m, data, set); err != nil {
			return err
		}
	}
	r := results.NewEval(models, data, o.Set, members, set.Labels)
	r.With(o.Statistics, o.Mirror)
	err = out.Write("logits", func() ([]byte, error) { return modelfile.NPY(r.Logits, models[0].Bits), nil })
	if err != nil {
		return err
	}
	if err := out.Write("figure", func() ([]byte, error) { return r.DrawConfusion(o.Figure) }); err != nil {
		return err
	}
	if err := out.Write("mistakes", func() ([]byte, error) { return r.DrawMistakes(set) }); err != nil {
		return err
	}
	if err := call.Print(o.JSON, r); err != nil || o.JSON {
		return err
	}
	for _, flag := range []string{"figure", "mistakes"} {
		if o := out[flag]; o.File != "" {
			call.Note("%s: %s", flag, filepath.Clean(o.Path))
		}
	}
	return nil
}

// open reads the networks and checks that they fit together.
func (o evalOptions) open(call *shell.Call) (models []*modelfile.File, err error) {
	for _, path := range call.Args {
		m, err := modelfile.Open(path, o.Foreign, call.IsSet, call.Note)
		if err != nil {
			return nil, err
		}
		if _, err := o.measure(call, m); err != nil {
			return nil, err
		}
		models = append(models, m)
		if err := m.Fits(models[0], o.Set); err != nil {
			return nil, err
		}
	}
	return models, nil
}

// classify returns the predictions of a network for the images, or for these and their
// mirror images.
func (o evalOptions) classify(call *shell.Call, m *modelfile.File, data *dataset.Images, set cifar.Set) (*modelfile.Predictions, error) {
	m.UseStandardOf(data, call.Note)
	m.SameThreads()
	by, err := o.measure(call, m)
	if err != nil {
		return nil, err
	}
	p, err := m.ClassifyBy(by, set, data.Train)
	if err != nil || !o.Mirror {
		return p, err
	}
	mirrored, err := m.ClassifyBy(by, set.Mirrored(), data.Train)
	if err != nil {
		return nil, err
	}
	return modelfile.Average(m.Config.Loss, []*modelfile.Predictions{p, mirrored}, set.Labels), nil
}

// measure returns how the statistics of batch normalisation come about.
func (o evalOptions) measure(call *shell.Call, m *modelfile.File) (by train.Measure, err error) {
	by.Kind = o.Statistics
	if by.Kind != model.Running && !m.BatchNorm {
		return by, call.Bad("statistics", "%s has no batch normalisation", m.Path)
	}
	switch {
	case o.PreciseImages > 0 && by.Kind != model.Precise:
		return by, call.Bad("precise-images", "needs --statistics precise")
	case o.EvalBatch > 0 && by.Kind != model.OfBatch:
		return by, call.Bad("eval-batch", "needs --statistics batch")
	case o.EvalBatch == 1:
		return by, call.Bad("eval-batch", "the variance of a batch needs at least 2 images")
	case o.PreciseImages > 0 && o.PreciseImages < m.Config.Batch:
		return by, call.Bad("precise-images", "give at least the %d of a mini-batch, or 0 for all training images", m.Config.Batch)
	}
	c := m.Config
	c.PreciseImages, c.EvalBatch = o.PreciseImages, o.EvalBatch
	return c.MeasureOf(by.Kind), nil
}
