package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/urfave/cli/v2"

	"bnlab/blas"
	"bnlab/train"
	"bnlab/train/disk"
	"bnlab/train/experiment"
)

func trainCommand() *cli.Command {
	return &cli.Command{
		Name:  "train",
		Usage: "train a network and save it",
		Description: `Examples:
  bnlab train --bn
  bnlab train --bn --hidden 200,100 --lambda 0.003 --save wide.safetensors
  bnlab train --bn --hidden 200,100 --lambda 0.003 --save wide.safetensors --resume
  bnlab train --dataset synthetic --ns 450 --cycles 1 --json`,
		Flags: flags(netFlags(), []cli.Flag{
			textFlag("save", "", "write the trained network to `FILE` as safetensors, - for standard output; its checkpoints lie beside it until it is there"),
			boolFlag("resume", "go on from the checkpoint of --save, or start where there is none; nothing to do where FILE is complete"),
			boolFlag("overwrite", "let --save replace a file that is not of this same training"),
			intFlag("threads", 0, "BLAS threads; 0 for 2 where this process may use 2 cores, which is faster"),
			tensorboardFlag("into the folder `DIR`"),
			boolFlag("quiet", "no progress on stderr"),
			jsonFlag(),
		}, hyperFlags(train.Default()), dataFlags()),
		Action: trainAction,
	}
}

// trainReport is what train --json prints.
type trainReport struct {
	Config  train.Config       `json:"config"`
	Dataset experiment.Dataset `json:"dataset"`
	Backend blas.Backend       `json:"backend"`
	train.Result
}

func trainAction(ctx *cli.Context) error {
	if err := noArguments(ctx); err != nil {
		return err
	}
	c, err := configOf(ctx)
	if err != nil {
		return err
	}
	out, err := outputsOf(ctx, dataFiles(ctx), "save")
	if err != nil {
		return err
	}
	save := out["save"]
	if ctx.Bool("resume") && save.File == "" {
		return usagef("--resume: name the network by --save, beside which its checkpoints lie")
	}
	if dir := ctx.String("tensorboard"); save.Above(dir) {
		return usagef("--tensorboard %s: a folder, where --save %s puts a file; give one of the two another name", dir, save.Path)
	}
	threads, err := trainThreads(ctx, c, save)
	if err != nil {
		return err
	}
	data, err := openData(ctx, c)
	if err != nil {
		return err
	}
	if err := data.enoughMemory(c); err != nil {
		return err
	}
	if save.File != "" {
		report, err := finished(ctx, save, c, data)
		if err != nil {
			return err
		}
		if report != nil {
			return printReport(ctx, data, *report)
		}
		if err := tellStart(ctx, save, trainingOf(c, data)); err != nil {
			return err
		}
	}
	if c.Precision == train.F64 {
		return trainIn[float64](ctx, c, data, save, threads)
	}
	return trainIn[float32](ctx, c, data, save, threads)
}

// worthKeeping is from how many updates on a network is worth a word about its loss.
const worthKeeping = 1000

func trainIn[T blas.Float](ctx *cli.Context, c train.Config, data *images, save disk.Output, threads int) error {
	trials := []experiment.Trial{{ID: "train", Config: c}}
	progress := newProgress(ctx, trials)
	curves, err := newCurves(ctx, progress, func(experiment.Trial) string { return "" })
	if err != nil {
		progress.close()
		return err
	}
	curves.Start(trials)
	rec := observed{trials, curves}
	sets := trainData[T](data)
	sets.Ahead = cores() > threads
	if save.Path == "" && c.Steps() >= worthKeeping && !ctx.Bool("quiet") && ctx.Err() == nil {
		noticeTo(ctx, progress)("NOTE: the network will not be kept; --save FILE keeps it")
	}
	results, fitted, last, err := fitKept(ctx, c, data, sets, save, rec, progress)
	progress.close()
	curves.close(ctx)
	if err != nil && ctx.Err() != nil {
		return trainingInterrupted(ctx, save, last)
	}
	if err != nil {
		return err
	}
	report := trainReport{c, data.dataset(), blas.Current(), results[0]}
	var unsaved error
	if save.Path != "" {
		unsaved = saveTrained(ctx, fitted.Network, report, data, save, last)
	}
	// The numbers at least are not lost where there is no room for the network.
	if err := errors.Join(unsaved, printReport(ctx, data, report)); err != nil {
		return err
	}
	if report.Diverged {
		lost := ""
		if save.Path != "" {
			lost = ": nothing saved to " + save.Path
		}
		return fmt.Errorf("diverged at step %d%s; %s", report.Steps, lost, adviceFor("", c.WhyDiverged(report.Steps)))
	}
	if !ctx.Bool("quiet") && save.File != "" {
		note(ctx, "saved: %s", save.Path)
	}
	return nil
}

func printReport(ctx *cli.Context, data *images, r trainReport) error {
	if ctx.Bool("json") {
		return printJSON(ctx.App.Writer, r)
	}
	printResult(ctx.App.Writer, data, r)
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

func printResult(w io.Writer, data *images, r trainReport) {
	fmt.Fprintf(w, "%s, %s %s (%s), hidden %s\n", data.title(), r.Backend.Name, r.Backend.Version, r.Backend.Core, joinInts(r.Config.Hidden))
	if r.Diverged {
		fmt.Fprintf(w, "%s at step %d: a loss is no longer a finite number; %s\n", paint(w, bad, "DIVERGED"), r.Steps, adviceFor("", r.Config.WhyDiverged(r.Steps)))
		return
	}
	f := r.Final
	t := newTable(w, 2, "set", "loss", "cost", "accuracy")
	row := func(set string, loss, cost, acc float64) {
		t.AppendRow([]any{set, fmt.Sprintf("%.4f", loss), fmt.Sprintf("%.4f", cost), percent(acc)})
	}
	row("training", f.TrainLoss, f.TrainCost, f.TrainAcc)
	row("validation", f.ValLoss, f.ValCost, f.ValAcc)
	row("test", f.TestLoss, f.TestCost, f.TestAcc)
	t.Render()
	if r.TrainSeconds == 0 {
		warnOtherData(w, "These numbers are", "of", data.dataset()) // and no times: this run has trained nothing
		return
	}
	us := 1e6 * r.TrainSeconds / float64(r.Steps)
	fmt.Fprintf(w, "%d steps in %.1f s (%.0f µs each), evaluation %.1f s\n", r.Steps, r.TrainSeconds, us, r.EvalSeconds)
	warnOtherData(w, "These numbers are", "of", data.dataset())
}
