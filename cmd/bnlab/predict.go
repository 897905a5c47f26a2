package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"

	"bnlab/blas"
	"bnlab/cifar"
	"bnlab/cmd/internal/dataset"
	"bnlab/cmd/internal/modelfile"
	"bnlab/cmd/internal/screen"
	"bnlab/cmd/internal/shell"
	"bnlab/train/experiment"
	"bnlab/train/message"
)

type predictOptions struct {
	Top int       `flag:"top" min:"1" max:"10" help:"classes shown of each picture, the most probable first"`
	Fit cifar.Fit `flag:"fit" values:"crop,squash" help:"how a picture becomes square: crop or squash"`
	jsonOption
	dataset.Options
	modelfile.Foreign
}

func predictCommand() *shell.Command {
	return shell.New(shell.Command{
		Name:      "predict",
		Usage:     "class probabilities of pictures",
		Arguments: "MODEL PICTURE...",
		Description: `MODEL is a file that bnlab train --save wrote. A PICTURE is a PNG, a JPEG or a GIF (its
first frame) of any size; a folder, of which all *.png, *.jpg, *.jpeg and *.gif are taken,
not those of folders in it; or - for standard input. The largest square in its middle is
scaled to 32×32 pixels (--fit squash: the whole picture, out of proportion). It is
turned upright as its EXIF orientation says; what is transparent, and what a frame leaves of
its canvas, becomes white. The pixels are standardised by the means and deviations that MODEL holds.

A picture that cannot be read is named on stderr, the others are classified all the same,
and the exit code is 2.

Examples:
  bnlab train --bn --save m.safetensors && bnlab predict m.safetensors cat.jpg truck.png
  bnlab predict --top 1 --json m.safetensors photos > classes.json
  bnlab predict m.safetensors - < cat.jpg`,
	}, predictOptions{Top: 3, Fit: cifar.Crop, Options: dataset.Default(), Foreign: modelfile.Torch()}, "", predict)
}

// predictReport is what predict --json prints.
type predictReport struct {
	Model   string             `json:"model"`
	Hidden  []int              `json:"hidden"`
	BN      bool               `json:"bn"`
	Dataset experiment.Dataset `json:"dataset"` // that the network was trained on; empty where the file does not say
	Backend blas.Backend       `json:"backend"`
	Fit     cifar.Fit          `json:"fit"`    // crop: the largest centred square; squash: all, out of proportion
	Size    int                `json:"pixels"` // width and height that the network sees
	Classes []string           `json:"classes"`
	Images  []prediction       `json:"images"`
	Refused []refusal          `json:"refused"`
}

// prediction is what the network makes of one picture.
type prediction struct {
	File  string        `json:"file"`
	Class string        `json:"class"` // the most probable
	Top   []probability `json:"top"`   // the most probable first
}

type probability struct {
	Class       string  `json:"class"`
	Probability float64 `json:"probability"`
}

// refusal is a picture that could not be read.
type refusal struct {
	File  string `json:"file"`
	Error string `json:"error"`
}

func predict(ctx context.Context, call *shell.Call, o predictOptions) error {
	if len(call.Args) < 2 {
		return shell.Usagef("give a network and pictures, as `bnlab predict m.safetensors cat.jpg`")
	}
	m, err := openModel(call, o.Foreign)
	if err != nil {
		return err
	}
	if err := m.FindStandard(o.Options, call.Note); err != nil {
		return err
	}
	files, err := pictureFiles(call.Args[1:])
	if err != nil {
		return err
	}
	if _, err := call.Outputs(append(slices.Clip(files), m.Path)); err != nil {
		return err
	}
	m.SameThreads()
	r := predictReport{
		Model: m.Path, Hidden: m.Hidden, BN: m.BatchNorm, Dataset: m.Dataset, Backend: blas.Current(),
		Fit: o.Fit, Size: cifar.Side, Classes: m.Classes, Images: []prediction{}, Refused: []refusal{},
	}
	if err := r.predict(ctx, call, m, files, o.Top); err != nil {
		return err
	}
	return r.print(call.Out, o.JSON)
}

// predict classifies the pictures, as many at a time as go through the network
// together.
func (r *predictReport) predict(ctx context.Context, call *shell.Call, m *modelfile.File, files []string, top int) error {
	for part := range slices.Chunk(files, modelfile.Rows) {
		var set cifar.Set
		var names []string
		for _, file := range part {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			pixels, err := readPicture(call.In, file, r.Fit)
			if err != nil && len(files) == 1 {
				return err
			}
			if err != nil {
				call.Refuse(err)
				r.Refused = append(r.Refused, refusal{file, shell.ErrorLine(err)})
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
			best := mostProbable(m.Classes, p.Probabilities[i])[:top]
			r.Images = append(r.Images, prediction{name, best[0].Class, best})
		}
	}
	return nil
}

// mostProbable returns all classes, the most probable first.
func mostProbable(classes []string, probs []float64) []probability {
	all := make([]probability, len(classes))
	for j, class := range classes {
		all[j] = probability{class, probs[j]}
	}
	slices.SortStableFunc(all, func(a, b probability) int { return cmp.Compare(b.Probability, a.Probability) })
	return all
}

// print prints the predictions and returns an error when there are pictures
// without one.
func (r *predictReport) print(w io.Writer, asJSON bool) error {
	refused := len(r.Refused)
	all := refused + len(r.Images)
	switch {
	case refused == all:
		return shell.Usagef("none of %s could be read, see above", message.Count(all, "picture"))
	case asJSON:
		if err := screen.JSON(w, r); err != nil {
			return err
		}
	default:
		r.table(w)
	}
	if refused > 0 {
		return shell.Usagef("%d of %s could not be read, see above", refused, message.Count(all, "picture"))
	}
	return nil
}

// table prints a row for each picture, a column for each rank.
func (r *predictReport) table(w io.Writer) {
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
