package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"bnlab/blas"
	"bnlab/model"
	"bnlab/train"
	"bnlab/train/checkpoint"
	"bnlab/train/disk"
)

// A training that is saved to FILE has its checkpoints beside it, as
// FILE.checkpoint.TRAINING.STEPS, until it is over.

// trainingOf is what checkpoints of the training of c tell it by.
func trainingOf(c train.Config, data *images) checkpoint.Training {
	return checkpoint.Training{Program: programVersion(), Dataset: data.Digest, Backend: blas.Current(), Trials: []train.Config{c}}
}

// tellStart says where a training that is to be saved starts, when the user may think
// otherwise.
func tellStart(ctx *cli.Context, save disk.Output, of checkpoint.Training) error {
	place := checkpoint.Beside(save.File)
	own, other, err := place.Latest(of)
	say := func(format string, args ...any) { note(ctx, "NOTE: "+format, args...) }
	switch {
	case err != nil:
		return err
	case ctx.Bool("resume") && own == "" && other == "": // of another the training itself tells
		say("--resume: no checkpoint %s: training from the start", filepath.Join(place.Dir, place.Name))
	case ctx.Bool("resume"):
	case own != "":
		say("%s is of a training that was interrupted, and --resume goes on from it; this training, from the start, replaces it", own)
	case other != "":
		say("%s is of another training that was interrupted, and its own flags with --resume go on from it; this training, once done, replaces it", other)
	}
	return nil
}

// fitKept trains a network. One that is saved to a file keeps checkpoints while it
// trains: last is the one to go on from.
func fitKept[T blas.Float](ctx *cli.Context, c train.Config, data *images, sets train.Data[T], save disk.Output, rec train.Recorder, p progress) (results []train.Result, fitted train.Fitted[T], last string, err error) {
	configs := []train.Config{c}
	if save.File == "" {
		results, fitted, err = train.Fit(ctx.Context, configs, sets, rec)
		return results, fitted, "", err
	}
	say := noticeTo(ctx, p)
	within, stop := context.WithCancelCause(ctx.Context)
	defer stop(nil)
	warn := func(err error) { say("WARNING: %s", oneLine(err)) }
	store := checkpoint.Open(checkpoint.Beside(save.File), trainingOf(c, data), !ctx.Bool("resume"), checkpoint.Tell{Warn: warn, Stop: stop})
	results, fitted, err = train.Resume(within, configs, sets, rec, telling{store, func(steps int) {
		if !ctx.Bool("quiet") {
			say("going on from step %d of %d", steps, c.Steps())
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
func trainingInterrupted(ctx *cli.Context, save disk.Output, last string) error {
	switch {
	case save.File == "":
		return fmt.Errorf("%w; nothing is kept without a file by --save", errInterrupted)
	case last == "":
		return fmt.Errorf("%w without a checkpoint; nothing is kept", errInterrupted)
	}
	return fmt.Errorf("%w; kept in %s; to go on: %s", errInterrupted, last, again(ctx, "--resume"))
}

// saveTrained saves a network whose training is over, unless it has diverged, and
// removes its checkpoints, last among them, and without --resume those of others. As
// long as it cannot be saved, they stay.
func saveTrained[T blas.Float](ctx *cli.Context, net *model.Network[T], r trainReport, data *images, save disk.Output, last string) error {
	if !r.Diverged {
		err := saveModel(save, net, r.Config, data, r.Result)
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
	case ctx.Bool("resume"):
		return checkpoint.Beside(save.File).Remove(trainingOf(r.Config, data))
	}
	return checkpoint.Beside(save.File).RemoveAll()
}

// finished returns what the training of c that was saved has shown, where --resume
// finds it complete; nil where there is something to train. A file there that is of
// another training, or no network, is an error without --overwrite: it shall not be
// lost by mistake.
func finished(ctx *cli.Context, save disk.Output, c train.Config, data *images) (*trainReport, error) {
	path := save.Path
	info, err := os.Stat(save.File)
	if err != nil || info.Size() == 0 {
		return nil, nil // nothing to lose; what else is wrong, writing tells
	}
	resume, own := ctx.Bool("resume"), ""
	if resume {
		if own, _, err = checkpoint.Beside(save.File).Latest(trainingOf(c, data)); err != nil {
			return nil, err
		}
	}
	m, err := readModel(path)
	if err == nil {
		err = m.sameTraining(c, data)
	}
	switch {
	case err != nil && ctx.Bool("overwrite"):
		return nil, nil
	case errors.Is(err, model.ErrFile):
		return nil, fmt.Errorf("--save: %w; %s", err, adviceSave)
	case err != nil || !resume || own != "":
		return nil, err
	}
	r := trainReport{Config: m.config, Dataset: m.dataset}
	if json.Unmarshal([]byte(m.Metadata[keyBackend]), &r.Backend) != nil || json.Unmarshal([]byte(m.Metadata[keyResult]), &r.Result) != nil ||
		r.Final == nil || r.Final.TestMetrics == nil || !r.Sound() || !shownWithin(100, r.Backend.Name+r.Backend.Version+r.Backend.Core) {
		return nil, usagef("--resume: %s is there, and does not say what its training has shown; %s", path, adviceSave)
	}
	note(ctx, "NOTE: --resume: %s is complete, nothing is trained", path)
	return &r, nil
}

const adviceSave = "give another --save, or --overwrite to replace it"

// sameTraining returns an error where the network is not of the training of c on
// data: that again would give the same.
func (m *modelFile) sameTraining(c train.Config, data *images) error {
	d := "it does not tell of which"
	if m.Metadata[keyFormat] != "" {
		d = checkpoint.Difference(trainReport{Config: m.config, Dataset: m.dataset}, trainReport{Config: c, Dataset: data.dataset()})
	}
	if d == "" {
		return nil
	}
	return usagef("--save: %s is there, and of another training: %s; %s", m.path, d, adviceSave)
}
