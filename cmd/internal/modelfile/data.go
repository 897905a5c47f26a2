package modelfile

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"bnlab/blas"
	"bnlab/cifar"
	"bnlab/cmd/internal/dataset"
	"bnlab/cmd/internal/machine"
	"bnlab/model"
	"bnlab/train/experiment"
	"bnlab/train/message"
)

// Open reads the network in a file as Read does, and applies the options for one from
// another program as Complete does.
func Open(path string, o Foreign, isSet func(option string) bool, note func(format string, args ...any)) (*File, error) {
	m, err := Read(path)
	if errors.Is(err, model.ErrFile) {
		err = fmt.Errorf("%w; give a network that `bnlab train --save` wrote", err)
	}
	if err != nil {
		return nil, err
	}
	return m, m.Complete(o, isSet, note)
}

// OpenData reads the images to classify. If the options say auto they are from the data
// set that the network was trained on, if its file says so: on another one its accuracy
// means nothing.
func (m *File) OpenData(o dataset.Options, note func(format string, args ...any)) (*dataset.Images, error) {
	own := o.Prefer(m.Dataset.Name)
	data, err := o.Open(m.Config, note)
	if err != nil && own {
		return nil, fmt.Errorf("%s was trained on %s: %w", m.Path, m.Dataset.Title(), err)
	}
	if err != nil {
		return nil, err
	}
	if digest := m.Dataset.Digest; digest != "" && digest != data.Digest {
		note("NOTE: %s was trained on other images than these: %s %.12s, not %s %.12s",
			m.Path, m.Dataset.Name, digest, data.Dataset().Name, data.Digest)
	}
	return data, nil
}

// FindStandard makes sure that there are statistics to standardise pictures: for a file
// without any, those of CIFAR-10, or of the data that the options name.
func (m *File) FindStandard(o dataset.Options, note func(format string, args ...any)) error {
	if m.Standard != nil {
		return nil
	}
	o.Prefer(experiment.Original)
	data, err := o.Open(m.Config, note)
	if err != nil {
		return fmt.Errorf("%s holds no means and deviations of its training images: %w", m.Path, err)
	}
	m.UseStandardOf(data, note)
	return nil
}

// UseStandardOf uses the statistics of the data for a file without any, and says so.
func (m *File) UseStandardOf(data *dataset.Images, note func(format string, args ...any)) {
	if m.Standard == nil {
		m.Standard = &data.Standard
		note("NOTE: %s holds no means and deviations of its training images; using those of %s", m.Path, data.Title())
	}
}

// SameThreads sets the BLAS threads to those that trained the network, as far as there
// are cores: an evaluation then reproduces to the bit what the training printed.
func (m *File) SameThreads() {
	var b blas.Backend
	if json.Unmarshal([]byte(m.Metadata[keyBackend]), &b) != nil {
		b.Threads = 1 // a file of another program
	}
	blas.SetThreads(min(max(1, b.Threads), machine.Cores()))
}

// Foreign holds what the file of a network from another program, such as PyTorch, does
// not say: it holds only the tensors.
type Foreign struct {
	BNEps      float64          `flag:"bn-eps" help:"ε of batch normalisation, if MODEL does not hold it"`
	Activation model.Activation `flag:"activation" values:"relu,leaky,gelu,tanh,sigmoid" help:"function between the layers, if MODEL does not hold it"`
	Loss       model.Loss       `flag:"loss" values:"softmax,bce,hinge" help:"loss that it was trained with, which says what its outputs mean, if MODEL does not hold it"`
	Norm       model.Norm       `flag:"norm" values:"none,batch,layer" help:"normalisation of the hidden layers; the tensors of MODEL tell, and must agree"`
	Skip       int              `flag:"skip" min:"0" max:"2" help:"how many layers below is the output that is added to the input of a hidden layer of the same width, if MODEL does not hold it"`
	InputMean  string           `flag:"input-mean" arg:"R,G,B" help:"channel means of the input, if MODEL does not hold them, for pixels from 0 to 1 as in torchvision's Normalize"`
	InputStd   string           `flag:"input-std" arg:"R,G,B" help:"channel standard deviations of the input, likewise"`
}

// Torch returns PyTorch's defaults.
func Torch() Foreign {
	return Foreign{BNEps: torchEps, Activation: model.ReLU, Loss: model.Softmax, Norm: model.NoNorm}
}

const torchEps = 1e-5

// Foreign reports whether the file is from another program.
func (m *File) Foreign() bool { return m.Metadata[keyFormat] == "" }

// Complete applies the options to a file from another program. isSet tells which were
// given; it calls note for those that the file itself answers.
func (m *File) Complete(o Foreign, isSet func(option string) bool, note func(format string, args ...any)) error {
	if !m.Foreign() {
		for _, name := range []string{"bn-eps", "activation", "loss", "norm", "skip", "input-mean", "input-std"} {
			if isSet(name) {
				note("NOTE: --%s is ignored: %s says that itself", name, m.Path)
			}
		}
		return nil
	}
	if tells := m.norm(); isSet("norm") && o.Norm != tells {
		return message.Fieldf("{norm} %q: the tensors of %s have norm %s", o.Norm, m.Path, tells)
	}
	m.Config.Hidden, m.Config.BNEps, m.Config.Activation, m.Config.Skip = m.Hidden, o.BNEps, o.Activation, o.Skip
	m.Config.Loss = o.Loss
	if err := m.Config.Validate(); err != nil {
		return err
	}
	mean, err := channels("{input_mean}", o.InputMean, 0)
	if err != nil {
		return err
	}
	std, err := channels("{input_std}", o.InputStd, 1e-6)
	if err != nil {
		return err
	}
	switch {
	case mean == nil && std == nil:
		return nil
	case std == nil:
		return message.Fieldf("{input_mean}: give {input_std} too")
	case mean == nil:
		return message.Fieldf("{input_std}: give {input_mean} too")
	}
	m.Standard = &cifar.Standard{Mean: mean, Std: std}
	return nil
}

// channels reads a number, or one for each of red, green and blue, for pixels from 0 to
// 1, and returns it for all dimensions, in pixel values; nil if there is none.
func channels(field, text string, least float64) ([]float64, error) {
	words := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
	switch len(words) {
	case 0:
		return nil, nil
	case 1:
		words = []string{words[0], words[0], words[0]}
	case 3:
	default:
		return nil, message.Fieldf(field+" %q: give three numbers, such as 0.49,0.48,0.45, or one for all", text)
	}
	var values []float64
	for _, word := range words {
		v, err := strconv.ParseFloat(word, 64)
		if err != nil || strings.ContainsAny(word, "xX_") || !(v >= least && v <= 255) {
			return nil, message.Fieldf(field+" %q: %q is not a number from %g to 255; give values for pixels from 0 to 1", text, word, least)
		}
		for range cifar.Side * cifar.Side {
			values = append(values, 255*v)
		}
	}
	return values, nil
}
