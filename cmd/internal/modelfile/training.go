package modelfile

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"

	"bnlab/blas"
	"bnlab/cmd/internal/build"
	"bnlab/cmd/internal/dataset"
	"bnlab/model"
	"bnlab/train"
	"bnlab/train/atomicfile"
	"bnlab/train/checkpoint"
	"bnlab/train/experiment"
	"bnlab/train/message"
)

// Training is the training of a network that is saved to a file. Its checkpoints are
// beside the file, as FILE.checkpoint.TRAINING.STEPS, until it ends.
type Training struct {
	Save              atomicfile.Output // zero to keep nothing; not a file to keep no checkpoints
	Config            train.Config
	Data              *dataset.Images
	Resume, Overwrite bool

	Last string // the checkpoint to continue from, once it has run; empty for none
}

// identity is what identifies the training in checkpoints.
func (t *Training) identity() checkpoint.Training {
	return checkpoint.Training{Program: build.Version(), Dataset: t.Data.Digest, Backend: t.Config.Precision.Backend(), Trials: []train.Config{t.Config}}
}

func (t *Training) place() checkpoint.Place { return checkpoint.Beside(t.Save.File) }

// Begin looks at what exists: it returns the network if Resume finds it complete, nil
// if there is something to train. A file of another training, or one that is not a
// network, is an error without Overwrite, so that it is not lost by mistake. It calls
// note about where the training starts, if the user may expect otherwise.
func (t *Training) Begin(note func(format string, args ...any)) (*File, error) {
	if t.Save.File == "" {
		return nil, nil
	}
	own, other, err := t.place().Latest(t.identity())
	if err != nil {
		return nil, err
	}
	if err := t.snapshotsFit(); err != nil {
		return nil, err
	}
	m, err := t.finished(own)
	if m != nil || err != nil {
		return m, err
	}
	switch {
	case t.Resume && own == "" && other == "": // the training itself reports another one
		note("NOTE: --resume: no checkpoint %s: training from the start", filepath.Join(t.place().Dir, t.place().Name))
	case t.Resume:
	case own != "":
		note("NOTE: %s is of an interrupted training, which --resume continues; this training starts anew and replaces it", own)
	case other != "":
		note("NOTE: %s is of another interrupted training, which its own flags with --resume continue; this training, once done, replaces it", other)
	}
	return nil, nil
}

// finished returns the existing network, if it is complete and Resume is set. own is
// the checkpoint of this training.
func (t *Training) finished(own string) (*File, error) {
	info, err := os.Stat(t.Save.File)
	if err != nil || info.Size() == 0 {
		return nil, nil // nothing to lose; writing reports other errors
	}
	m, err := Read(t.Save.Path)
	if err == nil {
		err = t.sameAs(m)
	}
	switch {
	case err != nil && t.Overwrite:
		return nil, nil
	case errors.Is(err, model.ErrFile):
		return nil, fmt.Errorf("--save: %w; %s", err, adviceSave)
	case err != nil || !t.Resume || own != "":
		return nil, err
	}
	return m, nil
}

const adviceSave = "give another --save, or --overwrite to replace it"

// sameAs returns an error if a network is not of this same training.
func (t *Training) sameAs(m *File) error {
	d := "it does not say which"
	if !m.Foreign() {
		d = cmp.Or(checkpoint.Difference(m.Config, t.Config), checkpoint.Difference(m.Dataset, t.Data.Dataset()))
	}
	if d == "" {
		return nil
	}
	return message.Fieldf("--save: %s exists and is of another training: %s; %s", m.Path, d, adviceSave)
}

// Snapshot saves the network at the end of a cycle beside where the trained one is to be.
func (t *Training) Snapshot(s train.Snapshot) error {
	if t.Save.File == "" {
		return nil
	}
	metadata, err := Metadata(t.Config, t.Data, train.Result{Steps: s.Steps})
	if err != nil {
		return err
	}
	var file bytes.Buffer
	if err := s.Save(&file, metadata); err != nil {
		return err
	}
	return atomicfile.Write(experiment.SnapshotPath(t.Save.File, s.Cycle), file.Bytes())
}

// snapshotsFit returns an error if a file where a snapshot is to be is not one of this
// training, without Overwrite.
func (t *Training) snapshotsFit() error {
	if !t.Config.Snapshots || t.Overwrite {
		return nil
	}
	for cycle := range t.Config.Cycles {
		path := experiment.SnapshotPath(t.Save.File, cycle+1)
		if info, err := os.Stat(path); err != nil || info.Size() == 0 {
			continue
		}
		m, err := Read(path)
		if err == nil {
			err = t.sameAs(m)
		}
		if errors.Is(err, model.ErrFile) {
			return fmt.Errorf("--snapshots: %w; %s", err, adviceSave)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Fit trains the network and keeps checkpoints meanwhile. It calls resumed with the
// step at which it resumes from a checkpoint, and warn about unusable checkpoints.
func Fit[T blas.Float](ctx context.Context, t *Training, sets train.Data[T], rec train.Recorder, resumed func(steps int), warn func(error)) ([]train.Result, train.Fitted[T], error) {
	configs := []train.Config{t.Config}
	if t.Save.File == "" {
		return train.Fit(ctx, configs, sets, rec)
	}
	within, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	store := checkpoint.Open(t.place(), t.identity(), !t.Resume, checkpoint.Callbacks{Warn: warn, Stop: stop})
	results, fitted, err := train.Resume(within, configs, sets, rec, telling{store, resumed})
	store.Close()
	t.Last = store.Last()
	if err != nil && within.Err() != nil {
		err = context.Cause(within)
	}
	return results, fitted, err
}

// telling is a Checkpointer that reports the step from which a training resumes.
type telling struct {
	train.Checkpointer
	tell func(steps int)
}

func (k telling) Restore(use func(train.State) error) {
	k.Checkpointer.Restore(func(s train.State) error {
		err := use(s)
		if err == nil {
			k.tell(s.Steps)
		}
		return err
	})
}

// End saves a trained network, unless it has diverged, and removes its checkpoints, and
// without Resume those of other trainings. If it cannot be saved, they stay.
func End[T blas.Float](t *Training, net *model.Network[T], result train.Result) error {
	if t.Save.Path == "" {
		return nil
	}
	if !result.Diverged {
		err := Save(t.Save, net, t.Config, t.Data, result)
		if err != nil {
			err = fmt.Errorf("--save %w", err)
		}
		if err != nil && t.Last != "" {
			return fmt.Errorf("%w; once it can be written, --resume continues from %s", err, t.Last)
		}
		if err != nil {
			return err
		}
	}
	switch {
	case t.Save.File == "":
		return nil
	case t.Resume:
		return t.place().Remove(t.identity())
	}
	return t.place().RemoveAll()
}

// Copy saves the network of a run folder, as End does a trained one.
func (t *Training) Copy(path string) error {
	if t.Save.Path == "" {
		return nil
	}
	file, err := atomicfile.Read(path, math.MaxInt64)
	if err == nil {
		err = t.Save.Write(file)
	}
	if err != nil {
		return fmt.Errorf("--save %w", err)
	}
	return nil
}
