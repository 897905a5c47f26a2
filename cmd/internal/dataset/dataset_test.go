package dataset

import (
	"math"
	"testing"

	"bnlab/cifar"
	"bnlab/train"
	"bnlab/train/experiment"
)

// TestOriginal: what records call the original is what package cifar does.
func TestOriginal(t *testing.T) {
	if experiment.OriginalDigest != cifar.OriginalDigest {
		t.Errorf("digests %s and %s", experiment.OriginalDigest, cifar.OriginalDigest)
	}
	for name, want := range map[string]experiment.Dataset{
		"synthetic": {Name: experiment.Synthetic, Digest: "few"},
		"cifar10":   {Name: experiment.Altered, Digest: "few"},
	} {
		if got := experiment.DatasetOf(name, "few"); got != want {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// TestStandardOfTrainingSplit: images are standardised by those that train, and by no
// image set aside.
func TestStandardOfTrainingSplit(t *testing.T) {
	const training, val = 30, 20
	data := cifar.Data{Name: "synthetic", Classes: cifar.ClassNames()}
	data.Train = cifar.Set{Pixels: make([]byte, (training+val)*cifar.Dim), Labels: make([]uint8, training+val)}
	data.Test = data.Train
	for i := range data.Train.Pixels {
		data.Train.Pixels[i] = byte(i % 251)
		if i >= training*cifar.Dim {
			data.Train.Pixels[i] = 255 // a validation set unlike all else
		}
	}
	defer func(before func() cifar.Data) { Synthetic = before }(Synthetic)
	Synthetic = func() cifar.Data { return data }
	images, err := Options{Dataset: "synthetic"}.Open(train.Config{Val: val}, t.Errorf)
	if err != nil {
		t.Fatal(err)
	}
	for dim, got := range images.Standard.Mean {
		mean := 0.0
		for i := range training {
			mean += float64(data.Train.Pixels[i*cifar.Dim+dim]) / training
		}
		if math.Abs(got-mean) > 1e-9*(1+mean) {
			t.Fatalf("dimension %d: mean %g, that of the %d training images is %g", dim, got, training, mean)
		}
	}
}
