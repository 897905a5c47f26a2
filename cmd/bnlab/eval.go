package main

import (
	"context"
	"path/filepath"

	"bnlab/cifar"
	"bnlab/cmd/internal/dataset"
	"bnlab/cmd/internal/modelfile"
	"bnlab/cmd/internal/results"
	"bnlab/cmd/internal/shell"
)

type evalOptions struct {
	Set      string `flag:"set" values:"test,val,train" help:"images to classify"`
	Figure   string `flag:"figure" arg:"FILE" ext:".svg,.png" help:"draw the confusion matrix to FILE, .svg or .png (- for SVG on standard output)"`
	Mistakes string `flag:"mistakes" arg:"FILE" ext:".png" help:"draw the worst mistakes to FILE, .png (- for standard output)"`
	Logits   string `flag:"logits" arg:"FILE" ext:".npy" help:"write the logits, one row per image, to FILE in NumPy format, .npy (- for standard output)"`
	shell.Format
	dataset.Options
	modelfile.Foreign
}

func evalCommand() *shell.Command {
	return shell.New(shell.Command{
		Name:      "eval",
		Usage:     "show accuracy, confusion matrix and worst mistakes of a network",
		Arguments: "MODEL",
		Description: `MODEL is a file written by bnlab train --save, or by PyTorch with safetensors
(docs/python.md). Mistakes are listed most confident first. If an output goes to
standard output, the table goes to stderr.

Examples:
  bnlab train --bn --save m.safetensors && bnlab eval m.safetensors
  bnlab eval --set val --json m.safetensors
  bnlab eval --figure confusion.svg --mistakes mistakes.png m.safetensors
  bnlab eval --logits logits.npy m.safetensors`,
	}, evalOptions{Set: "test", Options: dataset.Default(), Foreign: modelfile.Torch()}, "", eval)
}

func eval(_ context.Context, call *shell.Call, o evalOptions) error {
	if len(call.Args) != 1 {
		return shell.Usagef("%d arguments: give one file, as in `bnlab eval m.safetensors`", len(call.Args))
	}
	out, err := call.Outputs(append(o.Files(), call.Args[0]), "logits", "figure", "mistakes")
	if err != nil {
		return err
	}
	m, err := modelfile.Open(call.Args[0], o.Foreign, call.IsSet, call.Note)
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
	r := results.NewEval(m, data, o.Set, p, set.Labels)
	err = out.Write("logits", func() ([]byte, error) { return modelfile.NPY(p.Logits, m.Bits), nil })
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
