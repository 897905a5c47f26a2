package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"bnlab/blas"
	"bnlab/cifar"
	"bnlab/cmd/internal/build"
	"bnlab/cmd/internal/dataset"
	"bnlab/cmd/internal/machine"
	"bnlab/cmd/internal/results"
	"bnlab/cmd/internal/screen"
	"bnlab/cmd/internal/shell"
	"bnlab/cmd/internal/sweep"
	"bnlab/train"
	"bnlab/train/bench"
	"bnlab/train/message"
)

type benchOptions struct {
	Rounds  int    `flag:"rounds" min:"1" max:"100000" help:"measurement rounds"`
	Workers int    `flag:"workers" min:"0" max:"4096" help:"cores used by the sweep; 0 for all this process may use"`
	Fuse    string `flag:"fuse" arg:"auto|off|N" values:"auto,off,…" help:"trials that a core of the sweep trains side by side"`
	shell.Backend
	shell.Format
	sweep.Hyper
	dataset.Options
}

func benchCommand() *shell.Command {
	c := train.Default()
	// Long enough to time, on sets that leave training and evaluation in the
	// proportion that they have in the study: 100 to 30 images.
	c.NS, c.Cycles = 300, 1
	c.TrainSize, c.Val, c.TestSize, c.EvalTrain, c.Evals = 12000, 500, 500, 500, 4
	c.BN = true
	return shell.New(shell.Command{
		Name:  "bench",
		Usage: "measure BLAS at its peak and in use, a training step, and a sweep",
		Description: `Each round measures everything once, briefly, in turn. Ratios are taken within a round.
The output shows medians over the rounds, with the lowest and highest in brackets. On a
shared machine trust the ratios, not the times. With the defaults this takes less than
a minute on two cores.

The parts of a step have no line for the update: the products of the backward pass do
it, through their α and β.

Examples:
  bnlab bench
  env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE bnlab bench --rounds 15 --json
  bnlab bench --precision f64 --hidden 200,100`,
	}, benchOptions{Rounds: 7, Fuse: "auto", Hyper: sweep.Hyper{Config: c}, Options: dataset.Default()}, "bn norm", runBench)
}

func runBench(ctx context.Context, call *shell.Call, o benchOptions) error {
	plan, err := o.plan(call)
	if err != nil {
		return err
	}
	data, err := o.OpenToTrain(plan.Config, call.Note)
	if err != nil {
		return err
	}
	units := train.Bytes(slices.Repeat([]train.Config{plan.Config}, plan.Nets), cifar.Dim, cifar.Classes)
	if err := machine.RoomToTrain(float64(plan.Workers+1) * units); err != nil { // one per worker, and one for the steps
		return err
	}
	blas.SetThreads(1)
	r := results.Bench{
		Version: build.Version(), Backend: plan.Config.Precision.Backend(), Cores: plan.Cores, Features: blas.Features(), Warnings: append([]string{}, blas.Advice()...), BitsFollow: results.BitsFollow(),
		Dataset: data.Dataset(), Config: plan.Config, Rounds: plan.Rounds,
	}
	var measured bench.Result
	err = train.Choose(plan.Config.Precision,
		func() (err error) { measured, err = bench.Measure(ctx, plan, dataset.In[float32](data)); return err },
		func() (err error) { measured, err = bench.Measure(ctx, plan, dataset.In[float64](data)); return err })
	if diverged := (*bench.DivergedError)(nil); errors.As(err, &diverged) {
		return fmt.Errorf("%w; %s", err, screen.Advice("", diverged.Cause))
	}
	if err != nil {
		return err
	}
	r.Report, r.Low, r.High = measured.Median, measured.Low, measured.High
	return call.Print(o.JSON, r)
}

// maxBenchFuse is the maximum number of nets side by side to measure: the trend shows
// well before.
const maxBenchFuse = 64

// plan returns the plan that the flags describe.
func (o benchOptions) plan(call *shell.Call) (plan bench.Plan, err error) {
	plan.Config = o.Config
	plan.Rounds = o.Rounds
	if plan.Nets, err = sweep.Fuse(call, o.Fuse, maxBenchFuse); err != nil {
		return plan, err
	}
	plan.Cores, plan.Workers = machine.Cores(), o.Workers
	if plan.Workers > plan.Cores {
		call.Note("--workers %d: this process may use %s, so --workers %d", plan.Workers, message.Count(plan.Cores, "core"), plan.Cores)
	}
	if plan.Workers == 0 || plan.Workers > plan.Cores {
		plan.Workers = plan.Cores
	}
	return plan, nil
}
