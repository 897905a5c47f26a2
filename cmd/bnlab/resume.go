package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"bnlab/blas"
	"bnlab/cmd/internal/build"
	"bnlab/cmd/internal/dataset"
	"bnlab/cmd/internal/modelfile"
	"bnlab/cmd/internal/shell"
	"bnlab/model"
	"bnlab/train"
	"bnlab/train/checkpoint"
	"bnlab/train/disk"
)

// A training that is saved to FILE has its checkpoints beside it, as
// FILE.checkpoint.TRAINING.STEPS, until it is over.

// trainingOf is what checkpoints of the training of c tell it by.
func trainingOf(c train.Config, data *dataset.Images) checkpoint.Training {
	return checkpoint.Training{Program: build.Version(), Dataset: data.Digest, Backend: blas.Current(), Trials: []train.Config{c}}
}

// tellStart says where a training that is to be saved starts, when the user may think
// otherwise.
func (o trainOptions) tellStart(call *shell.Call, save disk.Output, data *dataset.Images) error {
	place := checkpoint.Beside(save.File)
	own, other, err := place.Latest(trainingOf(o.Config, data))
	say := func(format string, args ...any) { call.Note("NOTE: "+format, args...) }
	switch {
	case err != nil:
		return err
	case o.Resume && own == "" && other == "": // of another the training itself tells
		say("--resume: no checkpoint %s: training from the start", filepath.Join(place.Dir, place.Name))
	case o.Resume:
	case own != "":
		say("%s is of a training that was interrupted, and --resume goes on from it; this training, from the start, replaces it", own)
	case other != "":
		say("%s is of another training that was interrupted, and its own flags with --resume go on from it; this training, once done, replaces it", other)
	}
	return nil
}

// fitKept trains a network. One that is saved to a file keeps checkpoints while it
// trains: last is the one to go on from.
func fitKept[T blas.Float](ctx context.Context, o trainOptions, data *dataset.Images, sets train.Data[T], save disk.Output, rec train.Recorder, note func(string, ...any)) (results []train.Result, fitted train.Fitted[T], last string, err error) {
	configs := []train.Config{o.Config}
	if save.File == "" {
		results, fitted, err = train.Fit(ctx, configs, sets, rec)
		return results, fitted, "", err
	}
	within, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	warn := func(err error) { note("WARNING: %s", shell.ErrorLine(err)) }
	store := checkpoint.Open(checkpoint.Beside(save.File), trainingOf(o.Config, data), !o.Resume, checkpoint.Tell{Warn: warn, Stop: stop})
	results, fitted, err = train.Resume(within, configs, sets, rec, telling{store, func(steps int) {
		if !o.Quiet {
			note("going on from step %d of %d", steps, o.Steps())
		}
	}})
	store.Close()
	if err != nil && within.Err() != nil {
		err = context.Cause(within)
	}
	return results, fitted, store.Last(), err
}

// telling is a Keeper that tells from which step on a training is restored.
type telling struct {
	train.Keeper
	tell func(steps int)
}

func (k telling) Restore(use func(train.State) error) {
	k.Keeper.Restore(func(s train.State) error {
		err := use(s)
		if err == nil {
			k.tell(s.Steps)
		}
		return err
	})
}

// trainingInterrupted says what is kept of an interrupted training, last if that is
// not empty, and how to go on.
func trainingInterrupted(call *shell.Call, save disk.Output, last string) error {
	switch {
	case save.File == "":
		return fmt.Errorf("%w; nothing is kept without a file by --save", shell.ErrInterrupted)
	case last == "":
		return fmt.Errorf("%w without a checkpoint; nothing is kept", shell.ErrInterrupted)
	}
	return fmt.Errorf("%w; kept in %s; to go on: %s", shell.ErrInterrupted, last, call.Again("--resume"))
}

// saveTrained saves a network whose training is over, unless it has diverged, and
// removes its checkpoints, last among them, and without --resume those of others. As
// long as it cannot be saved, they stay.
func saveTrained[T blas.Float](o trainOptions, net *model.Network[T], r trainReport, data *dataset.Images, save disk.Output, last string) error {
	if !r.Diverged {
		err := modelfile.Save(save, net, r.Config, data, r.Result)
		if err != nil {
			err = fmt.Errorf("--save %w", err)
		}
		if err != nil && last != "" {
			return fmt.Errorf("%w; once it can be written, --resume goes on from %s", err, last)
		}
		if err != nil {
			return err
		}
	}
	switch {
	case save.File == "":
		return nil
	case o.Resume:
		return checkpoint.Beside(save.File).Remove(trainingOf(r.Config, data))
	}
	return checkpoint.Beside(save.File).RemoveAll()
}

const adviceSave = "give another --save, or --overwrite to replace it"

// finished returns what the training that was saved has shown, where --resume finds it
// complete; nil where there is something to train. A file there that is of another
// training, or no network, is an error without --overwrite: it shall not be lost by
// mistake.
func (o trainOptions) finished(call *shell.Call, save disk.Output, data *dataset.Images) (*trainReport, error) {
	info, err := os.Stat(save.File)
	if err != nil || info.Size() == 0 {
		return nil, nil // nothing to lose; what else is wrong, writing tells
	}
	own := ""
	if o.Resume {
		if own, _, err = checkpoint.Beside(save.File).Latest(trainingOf(o.Config, data)); err != nil {
			return nil, err
		}
	}
	m, err := modelfile.Read(save.Path)
	if err == nil {
		err = o.sameTraining(m, data)
	}
	switch {
	case err != nil && o.Overwrite:
		return nil, nil
	case errors.Is(err, model.ErrFile):
		return nil, fmt.Errorf("--save: %w; %s", err, adviceSave)
	case err != nil || !o.Resume || own != "":
		return nil, err
	}
	r := trainReport{Config: m.Config, Dataset: m.Dataset}
	if !m.Result(&r.Backend, &r.Result) {
		return nil, shell.Usagef("--resume: %s is there, and does not say what its training has shown; %s", save.Path, adviceSave)
	}
	call.Note("NOTE: --resume: %s is complete, nothing is trained", save.Path)
	return &r, nil
}

// sameTraining returns an error where the network is not of this training on data: that
// again would give the same.
func (o trainOptions) sameTraining(m *modelfile.File, data *dataset.Images) error {
	d := "it does not tell of which"
	if !m.Foreign() {
		d = checkpoint.Difference(trainReport{Config: m.Config, Dataset: m.Dataset}, trainReport{Config: o.Config, Dataset: data.Dataset()})
	}
	if d == "" {
		return nil
	}
	return shell.Usagef("--save: %s is there, and of another training: %s; %s", m.Path, d, adviceSave)
}
