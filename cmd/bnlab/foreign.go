package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"bnlab/cifar"
)

// foreignFlags say what the file of a network from another program, as PyTorch,
// does not: it holds the tensors alone.
func foreignFlags() []cli.Flag {
	return []cli.Flag{
		floatFlag("bn-eps", torchEps, "ε of batch normalisation, where MODEL does not hold it"),
		textFlag("input-mean", "", "means of the input, where MODEL does not hold them: `R,G,B` of pixels from 0 to 1, as torchvision's Normalize takes"),
		textFlag("input-std", "", "standard deviations of the input, `R,G,B` the same way"),
	}
}

// torchEps is the ε of PyTorch's BatchNorm1d, unless it is given another.
const torchEps = 1e-5

// foreign tells whether the file is of another program.
func (m *modelFile) foreign() bool { return m.Metadata[keyFormat] == "" }

// readForeign takes what the flags say of a file that is of another program.
func (m *modelFile) readForeign(ctx *cli.Context) error {
	if !m.foreign() {
		for _, name := range []string{"bn-eps", "input-mean", "input-std"} {
			if ctx.IsSet(name) {
				fmt.Fprintf(ctx.App.ErrWriter, "NOTE: --%s is passed over: %s tells that itself\n", name, visible(m.path))
			}
		}
		return nil
	}
	m.config.BNEps = ctx.Float64("bn-eps")
	if err := m.config.Validate(); err != nil {
		return err
	}
	mean, err := channelsOf("--input-mean", ctx.String("input-mean"), 0)
	if err != nil {
		return err
	}
	std, err := channelsOf("--input-std", ctx.String("input-std"), 1e-6)
	if err != nil {
		return err
	}
	switch {
	case mean == nil && std == nil:
		return nil
	case std == nil:
		return usagef("--input-mean: give --input-std too")
	case mean == nil:
		return usagef("--input-std: give --input-mean too")
	}
	m.standard = &cifar.Standard{Mean: mean, Std: std}
	return nil
}

// channelsOf reads a number, or one for each of red, green and blue, in units of
// the range of a pixel, and returns it for all dimensions, in pixel values; nil
// where the flag is not given.
func channelsOf(flag, text string, least float64) ([]float64, error) {
	words := splitList(text)
	switch len(words) {
	case 0:
		return nil, nil
	case 1:
		words = []string{words[0], words[0], words[0]}
	case 3:
	default:
		return nil, usagef("%s %q: give three numbers, as 0.49,0.48,0.45, or one for all", flag, text)
	}
	var values []float64
	for _, word := range words {
		v, err := parseFloat(word)
		if err != nil || !(v >= least && v <= 255) {
			return nil, usagef("%s %q: %q is no number from %g to 255; give those of pixels from 0 to 1", flag, text, word, least)
		}
		for range cifar.Side * cifar.Side {
			values = append(values, 255*v)
		}
	}
	return values, nil
}

// borrowStandard takes the statistics of the data for a file without any, and says
// so.
func (m *modelFile) borrowStandard(ctx *cli.Context, data *images) {
	if m.standard == nil {
		m.standard = &data.standard
		fmt.Fprintf(ctx.App.ErrWriter, "NOTE: %s holds no means and deviations of its training images; those of %s are taken\n", visible(m.path), data.title())
	}
}
