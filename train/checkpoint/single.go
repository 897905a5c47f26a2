package checkpoint

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"bnlab/train"
	"bnlab/train/atomicfile"
)

// Save writes the state of a training that pauses, at the end of an epoch, and removes
// those of earlier epochs.
func (p Place) Save(of Training, s train.State) error {
	parts, err := of.encode(s)
	if err == nil {
		err = write(p.file(of, s.Steps), parts...)
	}
	if err != nil {
		return err
	}
	own, _, err := p.split(of)
	for _, c := range own {
		if c.steps < s.Steps {
			err = errors.Join(err, atomicfile.Remove(c.path))
		}
	}
	return err
}

// Load returns the state that Save has written after so many steps, and whether there is
// one. A damaged file is renamed with the suffix .bad and reported to warn; the error is
// that of one that cannot be read now.
func (p Place) Load(of Training, steps int, warn func(error)) (s train.State, found bool, err error) {
	path := p.file(of, steps)
	file, err := atomicfile.Read(path, of.maxFile())
	if errors.Is(err, fs.ErrNotExist) {
		return s, false, nil
	}
	if errors.As(err, new(*atomicfile.Unread)) {
		return s, false, err
	}
	if err == nil {
		s, err = of.decode(file)
	}
	if err == nil && s.Steps != steps {
		err = fmt.Errorf("it is of step %d, which is not the step in its name", s.Steps)
	}
	if err != nil {
		warn(fmt.Errorf("%s: unusable checkpoint: %w; set aside as %s.bad, the training begins anew", path, err, filepath.Base(path)))
		return train.State{}, false, atomicfile.SetAside(path)
	}
	return s, true, nil
}
