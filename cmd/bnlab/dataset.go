package main

import (
	"fmt"
	"io"
	"sync"

	"github.com/urfave/cli/v2"

	"bnlab/blas"
	"bnlab/cifar"
	"bnlab/train"
	"bnlab/train/experiment"
	"bnlab/train/message"
)

// dataFlags say which images are meant.
func dataFlags() []cli.Flag {
	return []cli.Flag{
		textFlag("data", "", "`DIR` or .tar.gz archive of CIFAR-10, binary or Python's (default: $CIFAR10_DIR, ./data, the user's cache)"),
		textFlag("dataset", "auto", "auto, cifar10 or synthetic; auto takes CIFAR-10 where found, else the synthetic set"),
	}
}

// images is a data set, split and standardised.
type images struct {
	cifar.Split
	standard cifar.Standard
}

// synthetic draws the synthetic set once a process, and only when asked.
var synthetic = sync.OnceValue(cifar.Synthetic)

// openData reads the data set that the flags name and splits it as c says. It
// warns on stderr when the numbers will be of an altered CIFAR-10, or of the synthetic
// set unasked.
func openData(ctx *cli.Context, c train.Config) (*images, error) {
	data, err := loadData(ctx)
	if err != nil {
		return nil, err
	}
	split, err := data.Split(c.Val, c.TrainSize, c.TestSize)
	if err != nil {
		return nil, err
	}
	if n := split.Train.Len(); hasFlag(ctx, "batch") && n < c.Batch {
		return nil, usagef("--batch %d: only %s; give a smaller batch", c.Batch, message.Count(n, "training image"))
	}
	im := &images{split, cifar.Standardize(split.Train)}
	switch im.dataset().Name {
	case experiment.Altered:
		fmt.Fprintln(ctx.App.ErrWriter, alteredWarning)
	case experiment.Synthetic:
		if ctx.String("dataset") == "auto" {
			fmt.Fprintln(ctx.App.ErrWriter, syntheticWarning)
		}
	}
	return im, nil
}

// preferDataset has --dataset auto stand for the set that results are of, where that
// is one of those there are, and tells whether it does.
func preferDataset(ctx *cli.Context, name string) bool {
	if name == experiment.Altered {
		name = experiment.Original
	}
	known := name == experiment.Original || name == experiment.Synthetic
	return known && ctx.String("dataset") == "auto" && ctx.Set("dataset", name) == nil
}

func loadData(ctx *cli.Context) (cifar.Data, error) {
	kind := ctx.String("dataset")
	switch kind {
	case "synthetic":
		return synthetic(), nil
	case "auto", "cifar10":
	default:
		return cifar.Data{}, usagef("--dataset %q: give auto, cifar10 or synthetic", kind)
	}
	dir, err := cifar.Find(ctx.String("data"))
	if err != nil {
		return cifar.Data{}, err
	}
	if dir != "" {
		return cifar.Load(dir)
	}
	if kind == "cifar10" {
		return cifar.Data{}, usagef("--dataset cifar10: not found; download it by `bnlab data fetch`, give its folder by --data or $CIFAR10_DIR, or use --dataset synthetic")
	}
	return synthetic(), nil
}

const alteredWarning = "WARNING: these images and labels are not CIFAR-10 as it was published: all numbers below are of \"CIFAR-10, altered\", without the published figures (`bnlab data verify` names the files and records that differ)"

const syntheticWarning = "NOTE: CIFAR-10 not found: all numbers below are of the SYNTHETIC set, not of CIFAR-10 (give its folder by --data, or `bnlab data fetch`)"

// title returns what stands above a table of numbers of the data set.
func (im *images) title() string { return im.dataset().Title() }

func (im *images) dataset() experiment.Dataset { return experiment.DatasetOf(im.Name, im.Digest) }

// trainData returns the images in precision T.
func trainData[T blas.Float](im *images) train.Data[T] {
	return train.Data[T]{
		Dim: cifar.Dim, Classes: cifar.Classes,
		Train: cifar.NewImages[T](im.Train, im.standard),
		Val:   cifar.NewImages[T](im.Val, im.standard),
		Test:  cifar.NewImages[T](im.Test, im.standard),
	}
}

// data returns the images in both precisions, each made when first asked for.
func (im *images) data() experiment.Data {
	return experiment.Data{
		F32: sync.OnceValue(func() train.Data[float32] { return trainData[float32](im) }),
		F64: sync.OnceValue(func() train.Data[float64] { return trainData[float64](im) }),
	}
}

// warnOtherData says below what is not of, or on, CIFAR-10 as it was published what it
// is of.
func warnOtherData(w io.Writer, what, of string, d experiment.Dataset) {
	switch d.Name {
	case experiment.Altered:
		fmt.Fprintf(w, "%s %s an altered CIFAR-10, not %s the original.\n", what, of, of)
	case experiment.Synthetic:
		fmt.Fprintf(w, "%s %s the synthetic set, not %s CIFAR-10.\n", what, of, of)
	}
}
