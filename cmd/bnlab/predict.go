package main

import (
	"context"
	"slices"

	"bnlab/cifar"
	"bnlab/cmd/internal/dataset"
	"bnlab/cmd/internal/modelfile"
	"bnlab/cmd/internal/results"
	"bnlab/cmd/internal/shell"
	"bnlab/train/message"
)

type predictOptions struct {
	Top int       `flag:"top" min:"1" max:"10" help:"classes shown per picture, most probable first"`
	Fit cifar.Fit `flag:"fit" values:"crop,squash" help:"how to make a picture square"`
	shell.Backend
	shell.Format
	dataset.Options
	modelfile.Foreign
}

func predictCommand() *shell.Command {
	return shell.New(shell.Command{
		Name:      "predict",
		Usage:     "print the class probabilities of pictures",
		Arguments: "MODEL PICTURE...",
		Description: `MODEL is a file written by bnlab train --save. A PICTURE is a PNG, a JPEG or a GIF
(first frame) of any size; a folder, whose *.png, *.jpg, *.jpeg and *.gif are taken, but
not those of its subfolders; or - for standard input. The largest centred square is scaled
to 32×32 pixels (--fit squash: the whole picture, distorted). The EXIF orientation is
applied; transparent pixels and canvas that the frame leaves free become white. Pixels are
standardised with the means and deviations in MODEL. Probabilities are those of the loss
that it was trained with: of softmax they add up to 1, of bce each class has its own, and
hinge has none but scores.

A picture that cannot be read is named on stderr, the others are still classified, and
the exit code is 2.

Examples:
  bnlab train --bn --save m.safetensors && bnlab predict m.safetensors cat.jpg truck.png
  bnlab predict --top 1 --json m.safetensors photos > classes.json
  bnlab predict m.safetensors - < cat.jpg`,
	}, predictOptions{Top: 3, Fit: cifar.Crop, Options: dataset.Default(), Foreign: modelfile.Torch()}, "", predict)
}

func predict(ctx context.Context, call *shell.Call, o predictOptions) error {
	if len(call.Args) < 2 {
		return shell.Usagef("give a network and pictures, as in `bnlab predict m.safetensors cat.jpg`")
	}
	m, err := modelfile.Open(call.Args[0], o.Foreign, call.IsSet, call.Note)
	if err != nil {
		return err
	}
	if err := m.FindStandard(o.Options, call.Note); err != nil {
		return err
	}
	files, err := dataset.PictureFiles(call.Args[1:])
	if err != nil {
		return err
	}
	if _, err := call.Outputs(append(slices.Clip(files), m.Path)); err != nil {
		return err
	}
	m.SameThreads()
	r := &results.Predictions{
		Network: results.NewNetwork(m, m.Dataset),
		Fit:     o.Fit, Size: cifar.Side, Classes: m.Classes, Images: []results.Prediction{}, Refused: []results.Refusal{},
		Loss: m.Config.Loss,
	}
	if err := classify(ctx, call, r, m, files, o.Top); err != nil {
		return err
	}
	all := message.Count(len(files), "picture")
	if len(r.Images) == 0 {
		return shell.Usagef("none of %s could be read, see above", all)
	}
	if err := call.Print(o.JSON, r); err != nil {
		return err
	}
	if len(r.Refused) > 0 {
		return shell.Usagef("%d of %s could not be read, see above", len(r.Refused), all)
	}
	return nil
}

// classify classifies the pictures, in batches as large as the network takes.
func classify(ctx context.Context, call *shell.Call, r *results.Predictions, m *modelfile.File, files []string, top int) error {
	for part := range slices.Chunk(files, modelfile.Rows) {
		var set cifar.Set
		var names []string
		for _, file := range part {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			pixels, err := dataset.ReadPicture(call.In, file, r.Fit)
			if err != nil && len(files) == 1 {
				return err
			}
			if err != nil {
				call.Refuse(err)
				r.Refused = append(r.Refused, results.Refusal{File: file, Error: shell.ErrorLine(err)})
				continue
			}
			set.Pixels, set.Labels = append(set.Pixels, pixels...), append(set.Labels, 0)
			names = append(names, file)
		}
		p, err := m.Classify(set)
		if err != nil {
			return err
		}
		for i, name := range names {
			r.Add(name, p.Probabilities[i], top)
		}
	}
	return nil
}
