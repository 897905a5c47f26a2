package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"bnlab/blas"
	"bnlab/model"
	"bnlab/train"
	"bnlab/train/checkpoint"
)

// A training that is saved to FILE has its checkpoints beside it, as
// FILE.checkpoint.STEPS, until it is over.

// checkpointsOf returns where the checkpoints of the network FILE lie.
func checkpointsOf(path string) checkpoint.Place {
	return checkpoint.Place{Dir: filepath.Dir(path), Name: filepath.Base(path) + ".checkpoint"}
}

// tellStart says where a training that is to be saved to path starts, when the
// user may think otherwise.
func tellStart(ctx *cli.Context, path string) {
	place, resume := checkpointsOf(path), ctx.Bool("resume")
	switch latest := place.Latest(); {
	case resume && latest == "":
		fmt.Fprintf(ctx.App.ErrWriter, "NOTE: --resume: no checkpoint %s: training from the start\n", filepath.Join(place.Dir, place.Name))
	case !resume && latest != "":
		fmt.Fprintf(ctx.App.ErrWriter, "NOTE: %s is of a training that was interrupted, and --resume goes on from it; this training, from the start, replaces it\n", latest)
	}
}

// fitKept trains a network. One that is saved keeps checkpoints while it trains.
func fitKept[T blas.Float](ctx *cli.Context, c train.Config, data *images, sets train.Data[T], rec train.Recorder, p progress) ([]train.Result, train.Fitted[T], error) {
	configs, path := []train.Config{c}, ctx.String("save")
	if path == "" {
		return train.Fit(ctx.Context, configs, sets, rec)
	}
	say := noticeTo(ctx, p)
	of := checkpoint.Training{Program: version, Dataset: data.Digest, Backend: blas.Current(), Trials: configs}
	store := checkpoint.Open(checkpointsOf(path), of, !ctx.Bool("resume"), func(err error) { say("WARNING: %s", oneLine(err)) })
	defer store.Close()
	return train.Resume(ctx.Context, configs, sets, rec, telling{store, func(steps int) {
		if !ctx.Bool("quiet") {
			say("going on from step %d of %d", steps, c.Steps())
		}
	}})
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

// trainingInterrupted says what is kept of an interrupted training and how to go
// on.
func trainingInterrupted(ctx *cli.Context, path string) error {
	if path == "" {
		return fmt.Errorf("%w; nothing is kept without --save", errInterrupted)
	}
	latest := checkpointsOf(path).Latest()
	if latest == "" {
		return fmt.Errorf("%w in the first epoch; nothing is kept yet", errInterrupted)
	}
	return fmt.Errorf("%w; kept in %s; to go on: %s", errInterrupted, latest, again(ctx, "--resume"))
}

// saveTrained saves a network whose training is over, unless it has diverged, and
// removes its checkpoints. As long as it cannot be saved, they stay.
func saveTrained[T blas.Float](path string, net *model.Network[T], r trainReport, data *images) error {
	if !r.Diverged {
		err := saveModel(path, net, r.Config, data, r.Result)
		if latest := checkpointsOf(path).Latest(); err != nil && latest != "" {
			return fmt.Errorf("%w; once it can be written, --resume goes on from %s", err, latest)
		}
		if err != nil {
			return err
		}
	}
	return checkpointsOf(path).Remove()
}

// finished returns what the training of c that was saved to path has shown, where
// --resume finds it complete; nil where there is something to train. A file there
// that is of another training is an error: it shall not be lost by mistake.
func finished(ctx *cli.Context, path string, c train.Config, data *images) (*trainReport, error) {
	if !ctx.Bool("resume") || checkpointsOf(path).Latest() != "" {
		return nil, nil
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	m, err := readModel(path)
	if err != nil {
		return nil, err
	}
	r := trainReport{Config: m.config, Dataset: m.dataset}
	if json.Unmarshal([]byte(m.Metadata[keyBackend]), &r.Backend) != nil || json.Unmarshal([]byte(m.Metadata[keyResult]), &r.Result) != nil ||
		r.Final == nil || r.Final.TestMetrics == nil {
		return nil, usagef("--resume: %s is there, and does not say what its training has shown; give another --save, or replace it by leaving out --resume", path)
	}
	if d := checkpoint.Difference(trainReport{Config: r.Config, Dataset: r.Dataset}, trainReport{Config: c, Dataset: data.dataset()}); d != "" {
		return nil, usagef("--resume: %s is there, and of another training: %s; give another --save, or replace it by leaving out --resume", path, d)
	}
	fmt.Fprintf(ctx.App.ErrWriter, "NOTE: --resume: %s is complete, nothing is trained\n", path)
	return &r, nil
}
