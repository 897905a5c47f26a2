// Package modelfile reads and writes saved networks with everything needed to use them,
// and classifies images with them.
package modelfile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"

	"bnlab/blas"
	"bnlab/cifar"
	"bnlab/cmd/internal/dataset"
	"bnlab/cmd/internal/machine"
	"bnlab/model"
	"bnlab/train"
	"bnlab/train/atomicfile"
	"bnlab/train/experiment"
	"bnlab/train/message"
)

// formatVersion is the version of the metadata of a saved network.
const formatVersion = "1"

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

// Save writes the first net of a network with everything needed to use it. A file
// appears whole or not at all.
func Save[T blas.Float](save atomicfile.Output, net *model.Network[T], c train.Config, data *dataset.Images, result train.Result) error {
	metadata, err := Metadata(c, data, result)
	if err != nil {
		return err
	}
	var file bytes.Buffer
	if err := net.Save(&file, 0, metadata); err != nil {
		return fmt.Errorf("%s: %w", save.Path, err)
	}
	return save.Write(file.Bytes())
}

// Metadata returns what a saved network needs beside its tensors to be used.
func Metadata(c train.Config, data *dataset.Images, result train.Result) (map[string]string, error) {
	result.TrainSeconds, result.EvalSeconds = 0, 0
	metadata := map[string]string{keyFormat: formatVersion}
	for key, value := range map[string]any{
		keyConfig: c, keyClasses: data.Classes, keyDataset: data.Dataset(), keyBackend: c.Precision.Backend(), keyResult: result,
		keyMean: data.Standard.Mean, keyStd: data.Standard.Std,
	} {
		text, err := json.Marshal(value)
		if err != nil {
			return nil, err
		}
		metadata[key] = string(text)
	}
	return metadata, nil
}

// File is a saved network with its metadata.
type File struct {
	*model.Saved
	Path     string
	Config   train.Config
	Classes  []string
	Dataset  experiment.Dataset // it was trained on; zero if the file does not say
	Standard *cifar.Standard    // nil if the file has none
}

// Read reads a saved network and checks that it classifies images like CIFAR-10's. A
// file without metadata, from another program, gets PyTorch's defaults.
func Read(path string) (*File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, cifar.FileError(path, "give a network that `bnlab train --save` wrote", err)
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, fmt.Errorf("%s: %w: is a folder", path, model.ErrFile)
	}
	saved, err := model.ReadSaved(f, check)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	m := &File{Saved: saved, Path: path, Classes: cifar.ClassNames(), Config: train.Default()}
	m.Config.BNEps = torchEps
	return m, m.readMetadata()
}

// check returns an error for a network that does not classify images like CIFAR-10's,
// is larger than those that can be trained here, or needs more memory than is free to
// be read and to classify.
func check(s *model.Saved) error {
	if s.In != cifar.Dim || s.Out != cifar.Classes {
		return fmt.Errorf("%w: maps %d values to %d classes, want %d to %d", model.ErrFile, s.In, s.Out, cifar.Dim, cifar.Classes)
	}
	c, bytes := train.Default(), s.Bytes(Rows)
	c.Hidden = s.Hidden
	if err := c.Validate(); err != nil {
		return fmt.Errorf("%w: %w (it would take %.3g GB of memory)", model.ErrFile, err, 1e-9*bytes)
	}
	return machine.Room("the network", bytes, "give a smaller one")
}

// spec returns how the network computes, to classify so many images at a time.
func (m *File) spec(rows int) model.Spec {
	spec := train.Spec([]train.Config{m.Config}, m.In, m.Out)
	spec.MaxRows = rows
	return spec
}

func (m *File) bad(format string, args ...any) error {
	return fmt.Errorf("%s: %w: "+format, append([]any{m.Path, model.ErrFile}, args...)...)
}

// shownWithin reports whether a text is printable and has at most that many bytes.
func shownWithin(most int, text string) bool { return len(text) <= most && message.Printable(text) }

// readMetadata reads what the file says besides the tensors, if it is from this
// program.
func (m *File) readMetadata() error {
	switch format, ok := m.Metadata[keyFormat]; {
	case !ok:
		return nil
	case format != formatVersion:
		return m.bad("metadata of format %.20q, this program reads %q", format, formatVersion)
	}
	m.Standard = &cifar.Standard{}
	for key, value := range map[string]any{
		keyConfig: &m.Config, keyClasses: &m.Classes, keyDataset: &m.Dataset, keyMean: &m.Standard.Mean, keyStd: &m.Standard.Std,
	} {
		if err := json.Unmarshal([]byte(m.Metadata[key]), value); err != nil {
			return m.bad("metadata %s: %v", key, err)
		}
	}
	if err := m.Config.Validate(); err != nil {
		return m.bad("metadata %s: %v", keyConfig, err)
	}
	if len(m.Classes) != cifar.Classes {
		return m.bad("metadata %s: %s, want %d", keyClasses, message.Count(len(m.Classes), "name"), cifar.Classes)
	}
	if len(m.Standard.Mean) != cifar.Dim || len(m.Standard.Std) != cifar.Dim {
		return m.bad("metadata: %s and %s, want %d", message.Count(len(m.Standard.Mean), "mean"), message.Count(len(m.Standard.Std), "deviation"), cifar.Dim)
	}
	for _, name := range m.Classes {
		if !shownWithin(40, name) {
			return m.bad("metadata %s: %.60q, want at most 40 letters", keyClasses, name)
		}
	}
	if d := m.Dataset; !shownWithin(40, d.Name) || !shownWithin(64, d.Digest) {
		return m.bad("metadata %s: %.60q, SHA-256 %.12q, want a name of at most 40 letters, and 64 digits", keyDataset, d.Name, d.Digest)
	}
	if c := m.Config; !slices.Equal(c.Hidden, m.Hidden) || c.BN != m.BatchNorm {
		return m.bad("metadata %s: hidden %v, bn %v, but the tensors are of hidden %v, bn %v", keyConfig, c.Hidden, c.BN, m.Hidden, m.BatchNorm)
	} else if own := m.normText(); normText(c.Normalised(), c.NormAfter, c.NormLayers) != own && len(m.Hidden) > 0 {
		return m.bad("metadata %s: norm %s, but the tensors are of norm %s", keyConfig, normText(c.Normalised(), c.NormAfter, c.NormLayers), own)
	}
	for j, mean := range m.Standard.Mean { // of pixel values, 0 to 255
		if std := m.Standard.Std[j]; !(mean >= 0 && mean <= 255 && std > 1e-3 && std <= 255) {
			return m.bad("metadata: dimension %d has mean %g and deviation %g, want those of pixel values", j, mean, std)
		}
	}
	return nil
}

// norm returns the normalisation that the tensors are of.
func (m *File) norm() model.Norm {
	switch {
	case m.BatchNorm:
		return model.BatchNorm
	case m.LayerNorm:
		return model.LayerNorm
	}
	return model.NoNorm
}

// normText says how the network normalises, as the tensors tell.
func (m *File) normText() string { return normText(m.norm(), m.NormAfter, m.NormLayers) }

func normText(norm model.Norm, after bool, layers []int) string {
	text := string(norm)
	if after {
		text += " after the activation"
	}
	if len(layers) > 0 {
		text += fmt.Sprintf(" of layers %d", layers)
	}
	return text
}

// Result reads the training results of the network, and the backend. It reports whether
// the file has them, of a training that did not diverge.
func (m *File) Result(backend *blas.Backend, result *train.Result) bool {
	return json.Unmarshal([]byte(m.Metadata[keyBackend]), backend) == nil && json.Unmarshal([]byte(m.Metadata[keyResult]), result) == nil &&
		result.Final != nil && result.Final.TestMetrics != nil && result.Sound() && shownWithin(100, backend.Name+backend.Version+backend.Core)
}
