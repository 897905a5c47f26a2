package main

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/urfave/cli/v2"

	"bnlab/blas"
	"bnlab/cifar"
	"bnlab/train/experiment"
	"bnlab/train/message"
)

func predictCommand() *cli.Command {
	return &cli.Command{
		Name:      "predict",
		Usage:     "class probabilities of pictures",
		UsageText: "bnlab predict [flags] MODEL PICTURE...",
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
		Flags: flags([]cli.Flag{
			intFlag("top", 3, "classes shown of each picture, the most probable first"),
			textFlag("fit", string(cifar.Crop), "how a picture becomes square: crop or squash"),
			jsonFlag(),
		}, dataFlags(), foreignFlags()),
		Action: predictAction,
	}
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

func predictAction(ctx *cli.Context) error {
	fit, top := cifar.Fit(ctx.String("fit")), ctx.Int("top")
	for _, flag := range []string{"fit", "dataset"} {
		if err := checkWord(ctx, flag); err != nil {
			return err
		}
	}
	if top < 1 || top > cifar.Classes {
		return usagef("--top %d: give 1 to %d", top, cifar.Classes)
	}
	if ctx.NArg() < 2 {
		return usagef("give a network and pictures, as `bnlab predict m.safetensors cat.jpg`")
	}
	m, err := modelOf(ctx)
	if err != nil {
		return err
	}
	if err := m.findStandard(ctx); err != nil {
		return err
	}
	files, err := pictureFiles(ctx.Args().Tail())
	if err != nil {
		return err
	}
	if _, err := outputsOf(ctx, append(slices.Clip(files), m.path)); err != nil {
		return err
	}
	sameThreads(m)
	r := predictReport{
		Model: m.path, Hidden: m.Hidden, BN: m.BatchNorm, Dataset: m.dataset, Backend: blas.Current(),
		Fit: fit, Size: cifar.Side, Classes: m.classes, Images: []prediction{}, Refused: []refusal{},
	}
	if err := r.predict(ctx, m, files, top); err != nil {
		return err
	}
	return r.print(ctx)
}

// predict classifies the pictures, as many at a time as go through the network
// together.
func (r *predictReport) predict(ctx *cli.Context, m *modelFile, files []string, top int) error {
	for part := range slices.Chunk(files, classifyRows) {
		var set cifar.Set
		var names []string
		for _, file := range part {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			pixels, err := readPicture(ctx, file, r.Fit)
			if err != nil && len(files) == 1 {
				return err
			}
			if err != nil {
				printError(ctx.App.ErrWriter, ctx.App.Metadata[jsonErrors] == true, runError{err})
				r.Refused = append(r.Refused, refusal{file, oneLine(err)})
				continue
			}
			set.Pixels, set.Labels = append(set.Pixels, pixels...), append(set.Labels, 0)
			names = append(names, file)
		}
		v, err := m.classify(set)
		if err != nil {
			return err
		}
		for i, name := range names {
			best := mostProbable(m.classes, v.probs[i])[:top]
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
func (r *predictReport) print(ctx *cli.Context) error {
	refused := len(r.Refused)
	all := refused + len(r.Images)
	switch {
	case refused == all:
		return usagef("none of %s could be read, see above", message.Count(all, "picture"))
	case ctx.Bool("json"):
		if err := printJSON(ctx.App.Writer, r); err != nil {
			return err
		}
	default:
		r.table(ctx)
	}
	if refused > 0 {
		return usagef("%d of %s could not be read, see above", refused, message.Count(all, "picture"))
	}
	return nil
}

// table prints a row for each picture, a column for each rank.
func (r *predictReport) table(ctx *cli.Context) {
	header, w := []string{"picture"}, ctx.App.Writer
	var rows [][]string
	for k := range r.Images[0].Top {
		header = append(header, fmt.Sprintf("class %d", k+1))
	}
	for _, image := range r.Images {
		row := []string{visible(image.File)}
		for _, p := range image.Top {
			row = append(row, fmt.Sprintf("%s %7s", p.Class, percent(p.Probability)))
		}
		rows = append(rows, row)
	}
	least := slices.Clone(header[2:]) // probable classes are left out first
	slices.Reverse(least)
	printNarrow(w, widthOf(w), header, rows, least...)
	warnOtherData(w, "The network was trained", "on", r.Dataset)
}
