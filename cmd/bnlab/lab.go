package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"bnlab/cifar"
	"bnlab/cmd/internal/build"
	"bnlab/cmd/internal/dataset"
	"bnlab/cmd/internal/machine"
	"bnlab/cmd/internal/results"
	"bnlab/cmd/internal/screen"
	"bnlab/cmd/internal/shell"
	"bnlab/train"
	"bnlab/train/experiment"
	"bnlab/train/message"
)

// newLab returns the lab that trains on the images what the options of a sweep say, with
// progress on stderr. Its results go to the run folder dir; none where it is empty.
func newLab(call *shell.Call, o sweepOptions, fuse int, data *dataset.Images, dir string) *experiment.Lab {
	l := &experiment.Lab{
		Data: data.Data(), Dataset: data.Dataset(), Dim: cifar.Dim, Classes: cifar.Classes,
		Program: build.Version(), Dir: dir,
		Workers: o.Workers, Cores: machine.Cores(), Fuse: fuse, Room: machine.RoomToTrain,
	}
	note := call.Note // above the bars while there are any
	l.Watch = func(todo []experiment.Trial, sub string) (experiment.Observer, func(), error) {
		progress := screen.NewProgress(call.Err, o.Quiet, todo)
		curves, err := newCurves(call, o.TensorBoard, progress, func(t experiment.Trial) string { return filepath.Join(sub, t.ID) })
		if err != nil {
			progress.Close()
			return nil, nil, err
		}
		note = progress.Note
		return curves, func() {
			progress.Close()
			note = call.Note
			curves.close(call)
		}, nil
	}
	l.Say = func(format string, args ...any) {
		if !o.Quiet {
			call.Note(format, args...)
		}
	}
	l.Warn = func(err error) { note("%s", warningOf(err)) }
	return l
}

// warningOf returns the line about a record or a checkpoint that is of no use.
func warningOf(err error) string {
	var second *experiment.SecondError
	switch {
	case errors.As(err, new(*experiment.DamagedError)):
		return "WARNING: " + shell.ErrorLine(err) + "; set aside as result.json.bad, the trial is trained again"
	case errors.As(err, &second) && second.Equal:
		return "NOTE: " + shell.ErrorLine(err)
	}
	return "WARNING: " + shell.ErrorLine(err)
}

// sweepRequest is what a command that trains many networks is asked for.
type sweepRequest struct {
	sweep sweepOptions
	base  train.Config
	data  dataset.Options
	out   string
}

// open reads the data and returns the lab, after all flags are found good.
func (r sweepRequest) open(call *shell.Call) (*experiment.Lab, error) {
	fuse, err := fuseOf(call, r.sweep.Fuse, maxFuse)
	if err != nil {
		return nil, err
	}
	if r.out != "" {
		if err := call.CanBeFolder("out", r.out); err != nil {
			return nil, err
		}
	}
	data, err := r.data.OpenToTrain(r.base, call.Note)
	if err != nil {
		return nil, err
	}
	return newLab(call, r.sweep, fuse, data, r.out), nil
}

// trainAll trains the trials of one plan and prints their summary.
func (r sweepRequest) trainAll(ctx context.Context, call *shell.Call, name string, trials []experiment.Trial) error {
	r.sweep.setWorkers(call, true)
	lab, err := r.open(call)
	if err != nil {
		return err
	}
	watch := startWatch()
	summary, err := lab.Run(ctx, name, "", trials)
	if err != nil {
		return howToGoOn(call, err)
	}
	summary.WallSeconds = watch()
	call.Warn(summary.Warnings...)
	return printSummary(call, r.sweep.JSON, summary)
}

// howToGoOn says what is kept of a run that was interrupted, and how to go on. Other
// errors stay what they are.
func howToGoOn(call *shell.Call, err error) error {
	var i *experiment.Interrupted
	switch {
	case !errors.As(err, &i) && errors.Is(err, context.Canceled):
		return fmt.Errorf("%w in the gradient check; nothing is lost; to go on: %s", shell.ErrInterrupted, call.Again())
	case i == nil:
		return err
	case i.Dir == "":
		return fmt.Errorf("%w after %d of %s; nothing is kept without --out", shell.ErrInterrupted, i.Done, message.Count(i.Trials, "trial"))
	case i.Gone:
		return fmt.Errorf("%w; nothing is kept: %s has gone", shell.ErrInterrupted, i.Dir)
	}
	training := ""
	if i.Training > 0 {
		training = fmt.Sprintf(", and checkpoints of %d of %d in training", i.Kept, i.Training)
	}
	return fmt.Errorf("%w; %d of %d trials of this stage are kept in %s%s; to go on: %s",
		shell.ErrInterrupted, i.Done, i.Trials, i.Dir, training, call.Again())
}

// startWatch returns what tells the seconds since now.
func startWatch() func() float64 {
	start := time.Now()
	return func() float64 { return time.Since(start).Seconds() }
}

// printSummary prints a summary, and returns an error where trials have failed or are
// missing.
func printSummary(call *shell.Call, asJSON bool, s experiment.Summary) error {
	if err := call.Print(asJSON, results.Summary{Summary: s}); err != nil {
		return err
	}
	return s.Err()
}
