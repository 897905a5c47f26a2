// Package dataset opens the images named on the command line: it finds, splits,
// standardises and describes them.
package dataset

import (
	"fmt"
	"io"
	"sync"

	"bnlab/blas"
	"bnlab/cifar"
	"bnlab/cmd/internal/machine"
	"bnlab/train"
	"bnlab/train/experiment"
	"bnlab/train/message"
)

// Options select the images.
type Options struct {
	Data    string `flag:"data" arg:"DIR" group:"Data" help:"CIFAR-10 folder or .tar.gz archive, binary or Python version (default: $CIFAR10_DIR, ./data, the user's cache)"`
	Dataset string `flag:"dataset" group:"Data" values:"auto,cifar10,synthetic" help:"auto uses CIFAR-10 if found, otherwise the synthetic set"`
}

// Default returns the default options.
func Default() Options { return Options{Dataset: "auto"} }

// Images is a data set, split and standardised.
type Images struct {
	cifar.Split
	Standard cifar.Standard
}

// Synthetic generates the synthetic set once per process, and only if requested.
var Synthetic = sync.OnceValue(cifar.Synthetic)

// Open reads the data set and splits it as c says. It calls note if the numbers will be
// of an altered CIFAR-10, or of the synthetic set without being requested.
func (o Options) Open(c train.Config, note func(format string, args ...any)) (*Images, error) {
	data, err := o.load()
	if err != nil {
		return nil, err
	}
	split, err := data.Split(c.Val, c.TrainSize, c.TestSize)
	if err != nil {
		return nil, err
	}
	im := &Images{split, cifar.Standardize(split.Train)}
	switch im.Dataset().Name {
	case experiment.Altered:
		note("%s", alteredWarning)
	case experiment.Synthetic:
		if o.Dataset == "auto" {
			note("%s", syntheticWarning)
		}
	}
	return im, nil
}

// OpenToTrain is Open for trainings, each of which needs a batch of images.
func (o Options) OpenToTrain(c train.Config, note func(format string, args ...any)) (*Images, error) {
	im, err := o.Open(c, note)
	if err == nil && im.Train.Len() < c.Batch {
		err = message.Fieldf("{batch} %d: only %s; give a smaller batch", c.Batch, message.Count(im.Train.Len(), "training image"))
	}
	return im, err
}

// Prefer makes auto stand for the data set name, if that is one of the available ones,
// and reports whether it does.
func (o *Options) Prefer(name string) bool {
	if name == experiment.Altered {
		name = experiment.Original
	}
	if o.Dataset != "auto" || name != experiment.Original && name != experiment.Synthetic {
		return false
	}
	o.Dataset = name
	return true
}

// Flag returns the value of --dataset that stands for the data set name.
func Flag(name string) string {
	o := Options{Dataset: "auto"}
	o.Prefer(name)
	return o.Dataset
}

// Files returns the files of the data set.
func (o Options) Files() []string {
	if o.Dataset == "synthetic" {
		return nil
	}
	at, err := cifar.Find(o.Data)
	if err != nil || at == "" {
		return nil // reading the data reports it
	}
	return cifar.Files(at)
}

func (o Options) load() (cifar.Data, error) {
	if o.Dataset == "synthetic" {
		return Synthetic(), nil
	}
	dir, err := cifar.Find(o.Data)
	if err != nil {
		return cifar.Data{}, err
	}
	if dir != "" {
		return cifar.Load(dir)
	}
	if o.Dataset == "cifar10" {
		return cifar.Data{}, message.Fieldf("{dataset} cifar10: not found; download it with `bnlab data fetch`, give its folder with {data} or $CIFAR10_DIR, or use {dataset} synthetic")
	}
	return Synthetic(), nil
}

const alteredWarning = "WARNING: these images and labels are not the published CIFAR-10: all numbers below are for \"CIFAR-10, altered\", without the published figures (`bnlab data verify` names the files and records that differ)"

const syntheticWarning = "NOTE: CIFAR-10 not found: all numbers below are for the SYNTHETIC set, not for CIFAR-10 (give its folder with --data, or run `bnlab data fetch`)"

// Title returns the title for a table of numbers on the data set.
func (im *Images) Title() string { return im.Dataset().Title() }

// Dataset returns the data set as identified in records.
func (im *Images) Dataset() experiment.Dataset { return experiment.DatasetOf(im.Name, im.Digest) }

// In returns the images in precision T.
func In[T blas.Float](im *Images) train.Data[T] {
	return train.Data[T]{
		Dim: cifar.Dim, Classes: cifar.Classes,
		Train: cifar.NewImages[T](im.Train, im.Standard),
		Val:   cifar.NewImages[T](im.Val, im.Standard),
		Test:  cifar.NewImages[T](im.Test, im.Standard),
	}
}

// Data returns the images in both precisions, each created on first use.
func (im *Images) Data() experiment.Data {
	return experiment.Data{
		F32: sync.OnceValue(func() train.Data[float32] { return In[float32](im) }),
		F64: sync.OnceValue(func() train.Data[float64] { return In[float64](im) }),
	}
}

// RoomToTrain returns an error if one training on the images needs more memory than is
// free. A batch larger than the set is left for the training to refuse.
func (im *Images) RoomToTrain(c train.Config) error {
	c.Batch = min(c.Batch, im.Train.Len())
	return machine.RoomToTrain(train.Bytes([]train.Config{c}, cifar.Dim, cifar.Classes))
}

// WarnOther says, below results that are not of, or on, the published CIFAR-10, what
// they are of.
func WarnOther(w io.Writer, what, of string, d experiment.Dataset) {
	switch d.Name {
	case experiment.Altered:
		fmt.Fprintf(w, "%s %s an altered CIFAR-10, not %s the original.\n", what, of, of)
	case experiment.Synthetic:
		fmt.Fprintf(w, "%s %s the synthetic set, not %s CIFAR-10.\n", what, of, of)
	}
}
