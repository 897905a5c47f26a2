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
	"bnlab/cmd/internal/modelfile"
	"bnlab/cmd/internal/results"
	"bnlab/cmd/internal/screen"
	"bnlab/cmd/internal/shell"
	"bnlab/train"
	"bnlab/train/atomicfile"
	"bnlab/train/experiment"
	"bnlab/train/message"
	"bnlab/train/study"
	"bnlab/train/tensorboard"
)

// newLab returns the lab that trains on the images with the options of a sweep, with
// progress on stderr.
func newLab(call *shell.Call, o sweepOptions, fuse int, data *dataset.Images) *experiment.Lab {
	l := &experiment.Lab{
		Data: data.Data(), Dataset: data.Dataset(), Dim: cifar.Dim, Classes: cifar.Classes,
		Program: build.Version(), Dir: o.Out,
		Workers: o.Workers, Cores: machine.Cores(), Fuse: fuse, Room: machine.RoomToTrain,
	}
	l.Metadata = func(c train.Config, r train.Result) (map[string]string, error) { return modelfile.Metadata(c, data, r) }
	note := call.Note // above the progress bars, if any
	l.Watch = func(todo []experiment.Trial, sub string) (experiment.Observer, func(), error) {
		below := func(t experiment.Trial) string { return filepath.Join(sub, t.ID) }
		w, err := watch(call, o.Quiet, o.TensorBoard, todo, below)
		if err != nil {
			return nil, nil, err
		}
		note = w.note
		return w, func() {
			w.end()
			note = call.Note
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

// warningOf returns the line about an unusable record or checkpoint.
func warningOf(err error) string {
	var second *experiment.SecondError
	switch {
	case errors.As(err, new(*experiment.DamagedError)):
		return "WARNING: " + shell.ErrorLine(err) + "; set aside as result.json.bad, training the trial again"
	case errors.As(err, &second) && second.Equal, errors.As(err, new(*experiment.TakenError)):
		return "NOTE: " + shell.ErrorLine(err)
	}
	return "WARNING: " + shell.ErrorLine(err)
}

// open reads the data and returns the lab that trains on them, here or also on other
// hosts, after all flags have been checked.
func (o *studyOptions) open(call *shell.Call, here bool) (*experiment.Lab, error) {
	o.setWorkers(call, here)
	fuse, err := fuseOf(call, o.Fuse, maxFuse)
	if err != nil {
		return nil, err
	}
	if o.Out != "" {
		if err := call.CanBeFolder("out", o.Out); err != nil {
			return nil, err
		}
	}
	data, err := o.OpenToTrain(o.Config, call.Note)
	if err != nil {
		return nil, err
	}
	return newLab(call, o.sweepOptions, fuse, data), nil
}

// finish prints the summary of what do trains.
func (o *studyOptions) finish(call *shell.Call, do func() (experiment.Summary, error)) error {
	summary, err := timedRun(call, do)
	if err != nil {
		return err
	}
	call.Warn(summary.Warnings...)
	return printSummary(call, o.JSON, summary)
}

// timedRun returns the summary of what do trains, with the time it takes. An error
// says what to do.
func timedRun(call *shell.Call, do func() (experiment.Summary, error)) (experiment.Summary, error) {
	start := time.Now()
	summary, err := do()
	summary.WallSeconds = time.Since(start).Seconds()
	switch {
	case errors.Is(err, experiment.ErrGradients):
		err = fmt.Errorf("gradient %w: nothing is trained; see `bnlab gradcheck --bn`", shell.ErrCheck)
	case errors.Is(err, study.ErrNoBest):
		if advice := screen.Advice(summary.Experiment, summary.Causes...); advice != "" {
			err = fmt.Errorf("%w; %s", err, advice)
		}
	default:
		err = howToGoOn(call, err)
	}
	return summary, err
}

// howToGoOn says what is kept of an interrupted run, and how to continue. Other errors
// are returned unchanged.
func howToGoOn(call *shell.Call, err error) error {
	var i *experiment.Interrupted
	switch {
	case !errors.As(err, &i) && errors.Is(err, context.Canceled):
		return fmt.Errorf("%w in the gradient check; nothing is lost; to continue: %s", shell.ErrInterrupted, call.Again())
	case i == nil:
		return err
	case i.Dir == "":
		return fmt.Errorf("%w after %d of %s; nothing is kept without --out", shell.ErrInterrupted, i.Done, message.Count(i.Trials, "trial"))
	case i.Gone:
		return fmt.Errorf("%w; nothing is kept: %s no longer exists", shell.ErrInterrupted, i.Dir)
	}
	training := ""
	if i.Training > 0 {
		training = fmt.Sprintf(", and checkpoints of %d of %d in training", i.Kept, i.Training)
	}
	return fmt.Errorf("%w; %d of %d trials of this stage are kept in %s%s; to continue: %s",
		shell.ErrInterrupted, i.Done, i.Trials, i.Dir, training, call.Again())
}

// printSummary prints a summary, and returns an error if trials have failed or are
// missing.
func printSummary(call *shell.Call, asJSON bool, s experiment.Summary) error {
	if err := call.Print(asJSON, results.Summary{Summary: s}); err != nil {
		return err
	}
	return s.Err()
}

// watching is an observer of trainings: their progress on stderr and, with --tensorboard,
// their curves in event files.
type watching struct {
	experiment.Observer
	note func(format string, args ...any) // above the progress bars, if any
	end  func()                           // when the trainings are over
}

// watch returns the observer of the trainings of todo. Event files go to the folder
// of(trial) below dir; there are none if dir is empty.
func watch(
	call *shell.Call, quiet bool, dir string, todo []experiment.Trial, of func(experiment.Trial) string,
) (watching, error) {
	if dir != "" {
		if err := call.CanBeFolder("tensorboard", dir); err != nil {
			return watching{}, err
		}
		if err := atomicfile.MakeDirs(dir); err != nil {
			return watching{}, shell.Usagef("--tensorboard %v; give a writable folder", err)
		}
	}
	progress := screen.NewProgress(call.Err, quiet, todo)
	if dir == "" {
		return watching{progress, progress.Note, progress.Close}, nil
	}
	folder := func(t experiment.Trial) string { return filepath.Join(dir, of(t)) }
	log := &tensorboard.Log{Observer: progress, Dir: folder}
	return watching{log, progress.Note, func() {
		progress.Close()
		// Incomplete event files are no reason for the run to fail: its records are
		// complete.
		if err := log.Close(); err != nil {
			call.Warn("--tensorboard " + shell.ErrorLine(err) + ": its curves are incomplete, the results are not")
		}
	}}, nil
}
