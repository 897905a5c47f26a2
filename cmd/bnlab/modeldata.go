package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"bnlab/train/experiment"
)

// openData reads the images to classify. For --dataset auto they are of the set
// that the network was trained on, where its file tells: on another one its
// accuracy means nothing.
func (m *modelFile) openData(ctx *cli.Context) (*images, error) {
	name := m.dataset.Name
	own := preferDataset(ctx, name)
	data, err := openData(ctx, m.config)
	if err != nil && own {
		return nil, fmt.Errorf("%s was trained on %s: %w", m.path, m.dataset.Title(), err)
	}
	if err != nil {
		return nil, err
	}
	if digest := m.dataset.Digest; digest != "" && digest != data.Digest {
		fmt.Fprintf(ctx.App.ErrWriter, "NOTE: %s was trained on other images than these: %s %.12s, not %s %.12s\n",
			visible(m.path), name, digest, data.dataset().Name, data.Digest)
	}
	return data, nil
}

// findStandard sees to it that there are statistics to standardise pictures by: of
// a file that has none, those of CIFAR-10, or of what --dataset says.
func (m *modelFile) findStandard(ctx *cli.Context) error {
	if m.standard != nil {
		return nil
	}
	preferDataset(ctx, experiment.Original)
	data, err := openData(ctx, m.config)
	if err != nil {
		return fmt.Errorf("%s holds no means and deviations of its training images: %w", m.path, err)
	}
	m.borrowStandard(ctx, data)
	return nil
}
