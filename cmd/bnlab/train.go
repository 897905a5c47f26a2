package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"bnlab/blas"
	"bnlab/cmd/internal/dataset"
	"bnlab/cmd/internal/machine"
	"bnlab/cmd/internal/screen"
	"bnlab/cmd/internal/shell"
	"bnlab/train"
	"bnlab/train/checkpoint"
	"bnlab/train/disk"
	"bnlab/train/experiment"
)

type trainOptions struct {
	train.Config
	Save        string `flag:"save" arg:"FILE" help:"write the trained network to FILE as safetensors, - for standard output; its checkpoints lie beside it until it is there"`
	Resume      bool   `flag:"resume" help:"resume from the checkpoint of --save, if any; nothing to do where FILE is complete"`
	Overwrite   bool   `flag:"overwrite" help:"let --save replace a file that is not of this same training"`
	Threads     int    `flag:"threads" min:"0" max:"4096" help:"BLAS threads; 0 for 2 where this process may use 2 cores, which is faster"`
	TensorBoard string `flag:"tensorboard" arg:"DIR" help:"write the curves as event files for TensorBoard, into the folder DIR"`
	quietOption
	jsonOption
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
  bnlab train --dataset synthetic --ns 450 --cycles 1 --json`,
	}, trainOptions{Config: train.Default(), Options: dataset.Default()}, "", func(ctx context.Context, call *shell.Call, o trainOptions) error {
		c, err := completed(call, o.Config, true)
		if err != nil {
			return err
		}
		o.Config = c
		out, err := call.Outputs(o.Files(), "save")
		if err != nil {
			return err
		}
		return o.run(ctx, call, out["save"])
	})
}

// trainReport is what train --json prints.
type trainReport struct {
	Config  train.Config       `json:"config"`
	Dataset experiment.Dataset `json:"dataset"`
	Backend blas.Backend       `json:"backend"`
	train.Result
}

func (o trainOptions) run(ctx context.Context, call *shell.Call, save disk.Output) error {
	if o.Resume && save.File == "" {
		return call.Bad("resume", "name the network by --save, beside which its checkpoints lie")
	}
	if save.Above(o.TensorBoard) {
		return call.Bad("tensorboard", "a folder, where --save %s puts a file; give one of the two another name", save.Path)
	}
	o.Threads = machine.SetThreads(o.threads(save), func(line string) { call.Note("%s", line) })
	data, err := o.OpenToTrain(o.Config, call.Note)
	if err != nil {
		return err
	}
	if err := data.RoomToTrain(o.Config); err != nil {
		return err
	}
	if save.File != "" {
		report, err := o.finished(call, save, data)
		if err != nil {
			return err
		}
		if report != nil {
			return o.print(call, data, *report)
		}
		if err := o.tellStart(call, save, data); err != nil {
			return err
		}
	}
	if o.Precision == train.F64 {
		return trainIn[float64](ctx, call, o, data, save)
	}
	return trainIn[float32](ctx, call, o, data, save)
}

// threads returns how many threads to train with: as asked, or as many as are fast, or
// as the training to resume has had: with others its checkpoint would be of no use.
func (o trainOptions) threads(save disk.Output) int {
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

// worthKeeping is from how many updates on a network is worth a word about its loss.
const worthKeeping = 1000

func trainIn[T blas.Float](ctx context.Context, call *shell.Call, o trainOptions, data *dataset.Images, save disk.Output) error {
	trials := []experiment.Trial{{ID: "train", Config: o.Config}}
	progress := screen.NewProgress(call.Err, o.Quiet, trials)
	curves, err := newCurves(call, o.TensorBoard, progress, func(experiment.Trial) string { return "" })
	if err != nil {
		progress.Close()
		return err
	}
	curves.Start(trials)
	note := screen.Notices(call.Err, progress)
	if save.Path == "" && o.Steps() >= worthKeeping && !o.Quiet && ctx.Err() == nil {
		note("NOTE: the network will not be kept; --save FILE keeps it")
	}
	sets := dataset.In[T](data)
	sets.Ahead = machine.Cores() > o.Threads
	results, fitted, last, err := fitKept(ctx, o, data, sets, save, observed{trials, curves}, note)
	progress.Close()
	curves.close(call)
	if err != nil && ctx.Err() != nil {
		return trainingInterrupted(call, save, last)
	}
	if err != nil {
		return err
	}
	report := trainReport{o.Config, data.Dataset(), blas.Current(), results[0]}
	var unsaved error
	if save.Path != "" {
		unsaved = saveTrained(o, fitted.Network, report, data, save, last)
	}
	// The numbers at least are not lost where there is no room for the network.
	if err := errors.Join(unsaved, o.print(call, data, report)); err != nil {
		return err
	}
	if report.Diverged {
		lost := ""
		if save.Path != "" {
			lost = ": nothing saved to " + save.Path
		}
		return fmt.Errorf("diverged at step %d%s; %s", report.Steps, lost, screen.Advice("", o.WhyDiverged(report.Steps)))
	}
	if !o.Quiet && save.File != "" {
		call.Note("saved: %s", save.Path)
	}
	return nil
}

// observed passes what a single training records to an observer of many.
type observed struct {
	trials []experiment.Trial
	experiment.Observer
}

func (o observed) Progress(steps int)         { o.Observer.Progress(o.trials, steps) }
func (o observed) Point(_ int, p train.Point) { o.Observer.Point(o.trials[0], p) }

var _ train.Recorder = observed{}

func (o trainOptions) print(call *shell.Call, data *dataset.Images, r trainReport) error {
	if o.JSON {
		return screen.JSON(call.Out, r)
	}
	printTraining(call.Out, data, r)
	return nil
}

func printTraining(w io.Writer, data *dataset.Images, r trainReport) {
	fmt.Fprintf(w, "%s, %s %s (%s), hidden %s\n", data.Title(), r.Backend.Name, r.Backend.Version, r.Backend.Core, screen.Ints(r.Config.Hidden))
	if r.Diverged {
		fmt.Fprintf(w, "%s at step %d: a loss is no longer a finite number; %s\n",
			screen.Paint(w, screen.Bad, "DIVERGED"), r.Steps, screen.Advice("", r.Config.WhyDiverged(r.Steps)))
		return
	}
	f := r.Final
	t := screen.Table(w, 2, "set", "loss", "cost", "accuracy")
	row := func(set string, loss, cost, acc float64) {
		t.AppendRow([]any{set, fmt.Sprintf("%.4f", loss), fmt.Sprintf("%.4f", cost), screen.Percent(acc)})
	}
	row("training", f.TrainLoss, f.TrainCost, f.TrainAcc)
	row("validation", f.ValLoss, f.ValCost, f.ValAcc)
	row("test", f.TestLoss, f.TestCost, f.TestAcc)
	t.Render()
	if r.TrainSeconds > 0 { // else this run has trained nothing
		us := 1e6 * r.TrainSeconds / float64(r.Steps)
		fmt.Fprintf(w, "%d steps in %.1f s (%.0f µs each), evaluation %.1f s\n", r.Steps, r.TrainSeconds, us, r.EvalSeconds)
	}
	dataset.WarnOther(w, "These numbers are", "of", data.Dataset())
}
