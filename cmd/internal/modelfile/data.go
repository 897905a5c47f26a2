package modelfile

import (
	"encoding/json"
	"fmt"

	"bnlab/blas"
	"bnlab/cmd/internal/dataset"
	"bnlab/cmd/internal/machine"
	"bnlab/train/experiment"
)

// OpenData reads the images to classify. Where the options say auto they are of the set
// that the network was trained on, where its file tells: on another one its accuracy
// means nothing. A file without statistics to standardise them by takes those of the
// images.
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
	m.borrowStandard(data, note)
	return data, nil
}

// FindStandard sees to it that there are statistics to standardise pictures by: of
// a file that has none, those of CIFAR-10, or of what the options say.
func (m *File) FindStandard(o dataset.Options, note func(format string, args ...any)) error {
	if m.Standard != nil {
		return nil
	}
	o.Prefer(experiment.Original)
	data, err := o.Open(m.Config, note)
	if err != nil {
		return fmt.Errorf("%s holds no means and deviations of its training images: %w", m.Path, err)
	}
	m.borrowStandard(data, note)
	return nil
}

// borrowStandard takes the statistics of the data for a file without any, and says so.
func (m *File) borrowStandard(data *dataset.Images, note func(format string, args ...any)) {
	if m.Standard == nil {
		m.Standard = &data.Standard
		note("NOTE: %s holds no means and deviations of its training images; using those of %s", m.Path, data.Title())
	}
}

// SameThreads sets the threads of BLAS to those that trained the network, as far as
// there are cores: an evaluation then repeats to the bit what the training printed.
func (m *File) SameThreads() {
	var b blas.Backend
	if json.Unmarshal([]byte(m.Metadata[keyBackend]), &b) != nil {
		b.Threads = 1 // a file of another program
	}
	blas.SetThreads(min(max(1, b.Threads), machine.Cores()))
}
