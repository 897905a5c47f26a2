package main

import (
	"context"
	"errors"
	"fmt"

	"bnlab/blas"
	"bnlab/cmd/internal/dataset"
	"bnlab/cmd/internal/machine"
	"bnlab/cmd/internal/modelfile"
	"bnlab/cmd/internal/results"
	"bnlab/cmd/internal/screen"
	"bnlab/cmd/internal/shell"
	"bnlab/cmd/internal/sweep"
	"bnlab/train"
	"bnlab/train/atomicfile"
	"bnlab/train/checkpoint"
	"bnlab/train/experiment"
)

type trainOptions struct {
	sweep.Hyper
	Save        string `flag:"save" arg:"FILE" help:"save the trained network to FILE as safetensors (- for standard output); checkpoints are kept beside FILE until it is written"`
	Out         string `flag:"out" arg:"DIR" help:"keep the network, its curve, its record and meanwhile its checkpoints in the run folder DIR, which report and sweep status show; the same command goes on where it was"`
	Resume      bool   `flag:"resume" help:"resume from the checkpoint of --save, if any; do nothing if FILE is complete"`
	Overwrite   bool   `flag:"overwrite" help:"let --save replace a file that is not from this training"`
	Threads     int    `flag:"threads" min:"0" max:"4096" help:"BLAS threads; 0 for 2 if this process may use 2 cores, which is faster"`
	TensorBoard string `flag:"tensorboard" arg:"DIR" help:"write the curves to DIR as TensorBoard event files"`
	shell.Backend
	shell.Progress
	shell.Format
	dataset.Options
}

func trainCommand() *shell.Command {
	return shell.New(shell.Command{
		Name:  "train",
		Usage: "train a network and save it",
		Description: `Examples:
  bnlab train --bn
  bnlab train --bn --hidden 200,100 --lambda 0.003 --save wide.safetensors
  bnlab train --bn --hidden 200,100 --lambda 0.003 --save wide.safetensors --resume
  bnlab train --bn --out runs/one && bnlab report runs/one
  bnlab train --dataset synthetic --ns 450 --cycles 1 --json`,
	}, trainOptions{Hyper: sweep.Hyper{Config: train.Default()}, Options: dataset.Default()}, "", func(ctx context.Context, call *shell.Call, o trainOptions) error {
		out, err := call.Outputs(o.Files(), "save")
		if err != nil {
			return err
		}
		return o.run(ctx, call, out["save"])
	})
}

func (o trainOptions) run(ctx context.Context, call *shell.Call, save atomicfile.Output) error {
	switch {
	case o.Out != "" && o.Resume:
		return call.Bad("resume", "--out goes on by itself; leave --resume out")
	case o.Resume && save.File == "":
		return call.Bad("resume", "name the network with --save; its checkpoints are beside it")
	}
	if o.Snapshots && o.Out == "" && save.File == "" {
		return call.Bad("snapshots", "no network is saved; give --save FILE or --out DIR")
	}
	if o.Out != "" {
		if err := call.CanBeFolder("out", o.Out); err != nil {
			return err
		}
	}
	if save.Above(o.TensorBoard) {
		return call.Bad("tensorboard", "a folder, but --save %s is a file there; rename one of the two", save.Path)
	}
	o.Threads = machine.SetThreads(o.threads(save), func(line string) { call.Note("%s", line) })
	data, err := o.OpenToTrain(o.Config, call.Note)
	if err != nil {
		return err
	}
	if err := data.RoomToTrain(o.Config); err != nil {
		return err
	}
	t := &modelfile.Training{Save: save, Config: o.Config, Data: data, Resume: o.Resume, Overwrite: o.Overwrite}
	done, err := t.Begin(call.Note)
	if err != nil {
		return err
	}
	if done != nil {
		return printDone(call, o.JSON, done)
	}
	if o.Out != "" {
		return o.runFolder(ctx, call, data, t)
	}
	return train.Choose(o.Precision,
		func() error { return trainIn[float32](ctx, call, o, t) },
		func() error { return trainIn[float64](ctx, call, o, t) })
}

// threads returns how many threads to train with: as requested, or those of the
// training to resume, whose checkpoint could not be used with others, or as many as are
// fast.
func (o trainOptions) threads(save atomicfile.Output) int {
	if o.Threads > 0 {
		return o.Threads
	}
	if o.Resume {
		had := checkpoint.Beside(save.File).Backend([]train.Config{o.Config}).Threads
		if had > 0 && had <= machine.Cores() {
			return had
		}
	}
	return min(machine.FastThreads, machine.Cores())
}

// worthKeeping is the number of updates from which to warn that a network will be lost.
const worthKeeping = 1000

func trainIn[T blas.Float](ctx context.Context, call *shell.Call, o trainOptions, t *modelfile.Training) error {
	trials := []experiment.Trial{{ID: "train", Config: o.Config}}
	watch, err := sweep.Watch(call, o.Quiet, o.TensorBoard, trials, func(experiment.Trial) string { return "" })
	if err != nil {
		return err
	}
	watch.Start(trials)
	if o.Save == "" && o.Steps() >= worthKeeping && !o.Quiet && ctx.Err() == nil {
		watch.Note("NOTE: the network will not be saved; --save FILE saves it")
	}
	sets := dataset.In[T](t.Data)
	sets.Prefetch = machine.Cores() > o.Threads
	outcome, fitted, err := modelfile.Fit(ctx, t, sets, observed{trials, watch, t}, func(steps int) {
		if !o.Quiet {
			watch.Note("resuming from step %d of %d", steps, o.Steps())
		}
	}, func(err error) { watch.Note("WARNING: %s", shell.ErrorLine(err)) })
	watch.End()
	if err != nil && ctx.Err() != nil {
		return trainingInterrupted(call, t)
	}
	if err != nil {
		return err
	}
	report := results.Training{Config: o.Config, Dataset: t.Data.Dataset(), Backend: o.Precision.Backend(), Result: outcome[0]}
	unsaved := modelfile.End(t, fitted.Network, report.Result)
	// At least the numbers are not lost if there is no space for the network.
	if err := errors.Join(unsaved, call.Print(o.JSON, report)); err != nil {
		return err
	}
	if report.Diverged {
		lost := ""
		if o.Save != "" {
			lost = ": nothing saved to " + o.Save
		}
		return fmt.Errorf("diverged at step %d%s; %s", report.Steps, lost, screen.Advice("", o.WhyDiverged(report.Steps)))
	}
	if !o.Quiet && t.Save.File != "" {
		call.Note("saved: %s", o.Save)
		if o.Skip > 0 {
			call.Note("NOTE: PyTorch's Sequential takes the tensors, but adds no skips: there the network needs a module of its own")
		}
	}
	return nil
}

// printDone prints the training results of a network that is already complete.
func printDone(call *shell.Call, asJSON bool, m *modelfile.File) error {
	r := results.Training{Config: m.Config, Dataset: m.Dataset}
	if !m.Result(&r.Backend, &r.Result) {
		return shell.Usagef("--resume: %s exists but lacks the results of its training; give another --save, or --overwrite to replace it", m.Path)
	}
	call.Note("NOTE: --resume: %s is complete, nothing to train", m.Path)
	return call.Print(asJSON, r)
}

// trainingInterrupted says what is kept of an interrupted training, and how to continue.
func trainingInterrupted(call *shell.Call, t *modelfile.Training) error {
	switch {
	case t.Save.File == "":
		return fmt.Errorf("%w; nothing is kept without a --save file", shell.ErrInterrupted)
	case t.Last == "":
		return fmt.Errorf("%w without a checkpoint; nothing is kept", shell.ErrInterrupted)
	}
	return fmt.Errorf("%w; kept in %s; to continue: %s", shell.ErrInterrupted, t.Last, call.Again("--resume"))
}

// observed forwards the records of a single training to an observer of many.
type observed struct {
	trials []experiment.Trial
	experiment.Observer
	*modelfile.Training
}

func (o observed) Progress(steps int)         { o.Observer.Progress(o.trials, steps) }
func (o observed) Point(_ int, p train.Point) { o.Observer.Point(o.trials[0], p) }

var _ interface {
	train.Recorder
	train.Snapshotter
} = observed{}
