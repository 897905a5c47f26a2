package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/urfave/cli/v2"

	"bnlab/blas"
	"bnlab/cifar"
	"bnlab/model"
	"bnlab/train"
	"bnlab/train/disk"
	"bnlab/train/experiment"
	"bnlab/train/message"
)

// modelFormat is the version of the metadata of a saved network.
const modelFormat = "1"

// Keys of the metadata of a saved network. The values are JSON.
const (
	keyFormat  = "bnlab.format"
	keyConfig  = "bnlab.config"
	keyClasses = "bnlab.classes"
	keyDataset = "bnlab.dataset"
	keyBackend = "bnlab.backend"
	keyResult  = "bnlab.result"     // without times: the same training gives the same file
	keyMean    = "bnlab.input_mean" // of each of the 3072 dimensions, in pixel values
	keyStd     = "bnlab.input_std"
)

// saveModel writes the first net of a network with what is needed to use it
// again. A file appears whole or not at all.
func saveModel[T blas.Float](save disk.Output, net *model.Network[T], c train.Config, data *images, result train.Result) error {
	result.TrainSeconds, result.EvalSeconds = 0, 0
	metadata := map[string]string{keyFormat: modelFormat}
	for key, value := range map[string]any{
		keyConfig: c, keyClasses: data.Classes, keyDataset: data.dataset(), keyBackend: blas.Current(), keyResult: result,
		keyMean: data.standard.Mean, keyStd: data.standard.Std,
	} {
		text, err := json.Marshal(value)
		if err != nil {
			return err
		}
		metadata[key] = string(text)
	}
	var file bytes.Buffer
	if err := net.Save(&file, 0, metadata); err != nil {
		return fmt.Errorf("--save %s: %w", save.Path, err)
	}
	if err := save.Write(file.Bytes()); err != nil {
		return fmt.Errorf("--save %w", err)
	}
	return nil
}

// modelFile is a saved network with what its metadata says.
type modelFile struct {
	*model.Saved
	path     string
	config   train.Config
	classes  []string
	dataset  experiment.Dataset // that it was trained on; zero where the file does not say
	standard *cifar.Standard    // nil where the file has none
}

// modelOf reads the network that the first argument names, and what the flags say of
// one of another program.
func modelOf(ctx *cli.Context) (*modelFile, error) {
	m, err := readModel(ctx.Args().First())
	if errors.Is(err, model.ErrFile) {
		err = fmt.Errorf("%w; give a network that `bnlab train --save` wrote", err)
	}
	if err != nil {
		return nil, err
	}
	return m, m.readForeign(ctx)
}

// readModel reads a saved network and checks that it classifies images like
// CIFAR-10's. A file without metadata, as other programs write, gets PyTorch's
// defaults.
func readModel(path string) (*modelFile, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, cifar.FileError(path, "give a network that `bnlab train --save` wrote", err)
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, usagef("%s: is a folder; give a network that `bnlab train --save` wrote", path)
	}
	saved, err := model.ReadSaved(f, admit)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	m := &modelFile{Saved: saved, path: path, classes: cifar.ClassNames(), config: train.Default()}
	m.config.BNEps = torchEps
	return m, m.readMetadata()
}

// admit returns an error for a network that does not classify images like CIFAR-10's,
// is larger than those that train here, or takes more memory than is free, to be read
// and to classify.
func admit(s *model.Saved) error {
	if s.In != cifar.Dim || s.Out != cifar.Classes {
		return fmt.Errorf("%w: takes %d values to %d classes, want %d to %d", model.ErrFile, s.In, s.Out, cifar.Dim, cifar.Classes)
	}
	c, bytes := train.Default(), s.Bytes(classifyRows)
	c.Hidden = s.Hidden
	if err := c.Validate(); err != nil {
		return fmt.Errorf("%w: %w (it would take %.3g GB of memory)", model.ErrFile, err, 1e-9*bytes)
	}
	return enoughMemory("the network", bytes, "give a smaller one")
}

func (m *modelFile) bad(format string, args ...any) error {
	return fmt.Errorf("%s: %w: "+format, append([]any{m.path, model.ErrFile}, args...)...)
}

// shownWithin tells whether a text is shown as it is and has at most so many bytes.
func shownWithin(most int, text string) bool { return len(text) <= most && message.Printable(text) }

// readMetadata reads what the file says beside the tensors, where it is of this
// program.
func (m *modelFile) readMetadata() error {
	switch format, ok := m.Metadata[keyFormat]; {
	case !ok:
		return nil
	case format != modelFormat:
		return m.bad("metadata of format %.20q, this program reads %q", format, modelFormat)
	}
	m.standard = &cifar.Standard{}
	for key, value := range map[string]any{
		keyConfig: &m.config, keyClasses: &m.classes, keyDataset: &m.dataset, keyMean: &m.standard.Mean, keyStd: &m.standard.Std,
	} {
		if err := json.Unmarshal([]byte(m.Metadata[key]), value); err != nil {
			return m.bad("metadata %s: %v", key, err)
		}
	}
	if err := m.config.Validate(); err != nil {
		return m.bad("metadata %s: %v", keyConfig, err)
	}
	if len(m.classes) != cifar.Classes {
		return m.bad("metadata %s: %s, want %d", keyClasses, message.Count(len(m.classes), "name"), cifar.Classes)
	}
	if len(m.standard.Mean) != cifar.Dim || len(m.standard.Std) != cifar.Dim {
		return m.bad("metadata: %s and %s, want %d", message.Count(len(m.standard.Mean), "mean"), message.Count(len(m.standard.Std), "deviation"), cifar.Dim)
	}
	for _, name := range m.classes {
		if !shownWithin(40, name) {
			return m.bad("metadata %s: %.60q, want at most 40 letters", keyClasses, name)
		}
	}
	if d := m.dataset; !shownWithin(40, d.Name) || !shownWithin(64, d.Digest) {
		return m.bad("metadata %s: %.60q, SHA-256 %.12q, want a name of at most 40 letters, and 64 digits", keyDataset, d.Name, d.Digest)
	}
	if !slices.Equal(m.config.Hidden, m.Hidden) || m.config.BN != m.BatchNorm {
		return m.bad("metadata %s: hidden %v, bn %v, but the tensors are of hidden %v, bn %v", keyConfig, m.config.Hidden, m.config.BN, m.Hidden, m.BatchNorm)
	}
	for j, mean := range m.standard.Mean { // of pixel values, 0 to 255
		if std := m.standard.Std[j]; !(mean >= 0 && mean <= 255 && std > 1e-3 && std <= 255) {
			return m.bad("metadata: dimension %d has mean %g and deviation %g, want those of pixel values", j, mean, std)
		}
	}
	return nil
}
