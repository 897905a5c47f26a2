package main

import (
	"errors"
	"fmt"
	"slices"

	"github.com/urfave/cli/v2"

	"bnlab/blas"
	"bnlab/cifar"
	"bnlab/train"
	"bnlab/train/bench"
	"bnlab/train/experiment"
	"bnlab/train/message"
)

func benchCommand() *cli.Command {
	d := train.Default()
	// Long enough to time, on sets that leave training and evaluation in the
	// proportion that they have in the study: 100 to 30 images.
	d.NS, d.Cycles = 300, 1
	d.TrainSize, d.Val, d.TestSize, d.EvalTrain, d.Evals = 12000, 500, 500, 500, 4
	return &cli.Command{
		Name:  "bench",
		Usage: "measure BLAS at its peak and in use, a training step, and many at once",
		Description: `In each round everything is measured once, for a short time, in turn. Ratios are
those of a round. What is printed are medians over the rounds and, in brackets, the
lowest and the highest. On a shared machine trust the ratios, not the times. With
the defaults it takes less than a minute on two cores.

Update has no line of its own among the parts of a step: it is done by the products
of the backward pass, as their α and β.

Examples:
  bnlab bench
  env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE bnlab bench --rounds 15 --json
  bnlab bench --precision f64 --hidden 200,100`,
		Flags: flags(netFlags()[:1], []cli.Flag{
			intFlag("rounds", 7, "how often everything is measured"),
			intFlag("workers", 0, "cores of the sweep; 0 for all this process may use"),
			textFlag("fuse", "auto", "trials side by side on a core in the sweep: auto, off or a number"),
			jsonFlag(),
		}, hyperFlags(d), dataFlags()),
		Action: benchAction,
	}
}

// benchReport is what bench --json prints: the medians at the top, and in the
// same form what was lowest and highest.
type benchReport struct {
	Version    string             `json:"version"`
	Backend    blas.Backend       `json:"backend"`
	Cores      int                `json:"cores"` // that this process may use
	Features   []string           `json:"cpu_features"`
	Warnings   []string           `json:"warnings"`
	BitsFollow bits               `json:"bits_follow"`
	Dataset    experiment.Dataset `json:"dataset"`
	Config     train.Config       `json:"config"`
	Rounds     int                `json:"rounds"`
	bench.Report
	Low  bench.Report `json:"low"`
	High bench.Report `json:"high"`
}

func benchAction(ctx *cli.Context) error {
	if err := noArguments(ctx); err != nil {
		return err
	}
	plan, err := benchPlan(ctx)
	if err != nil {
		return err
	}
	data, err := openData(ctx, plan.Config)
	if err != nil {
		return err
	}
	if n := data.Train.Len(); n < plan.Config.Batch {
		return usagef("--batch %d: only %s; give a smaller batch", plan.Config.Batch, message.Count(n, "training image"))
	}
	units := train.Bytes(slices.Repeat([]train.Config{plan.Config}, plan.Nets), cifar.Dim, cifar.Classes)
	if err := enoughToTrain(float64(plan.Workers+1) * units); err != nil { // one a worker, and that of the steps
		return err
	}
	blas.SetThreads(1)
	r := benchReport{
		Version: programVersion(), Backend: blas.Current(), Cores: plan.Cores, Features: blas.Features(), Warnings: append([]string{}, blas.Advice()...), BitsFollow: bitsFollow(),
		Dataset: data.dataset(), Config: plan.Config, Rounds: plan.Rounds,
	}
	measured, err := measure(ctx, plan, data)
	if diverged := (*bench.DivergedError)(nil); errors.As(err, &diverged) {
		return fmt.Errorf("%w; %s", err, adviceFor("", diverged.Cause))
	}
	if err != nil {
		return err
	}
	r.Report, r.Low, r.High = measured.Median, measured.Low, measured.High
	if ctx.Bool("json") {
		return printJSON(ctx.App.Writer, r)
	}
	printBench(ctx.App.Writer, r)
	return nil
}

func measure(ctx *cli.Context, plan bench.Plan, data *images) (bench.Result, error) {
	if plan.Config.Precision == train.F64 {
		return bench.Measure(ctx.Context, plan, trainData[float64](data))
	}
	return bench.Measure(ctx.Context, plan, trainData[float32](data))
}

// maxBenchFuse is the most nets side by side that are measured: what more bring
// shows well before.
const maxBenchFuse = 64

// benchPlan reads the flags.
func benchPlan(ctx *cli.Context) (plan bench.Plan, err error) {
	if plan.Config, err = configOf(ctx); err != nil {
		return plan, err
	}
	plan.Config.BN = true
	if err := plan.Config.Validate(); err != nil {
		return plan, err
	}
	if plan.Rounds, err = countFlag(ctx, "rounds"); err != nil {
		return plan, err
	}
	if plan.Nets, err = fuseOf(ctx.String("fuse")); err != nil {
		return plan, err
	}
	if plan.Nets > maxBenchFuse {
		return plan, usagef("--fuse %d: give at most %d", plan.Nets, maxBenchFuse)
	}
	plan.Cores = cores()
	plan.Workers = ctx.Int("workers")
	switch {
	case plan.Workers < 0 || plan.Workers > maxWorkers:
		return plan, usagef("--workers %d: give 1 to %d, or 0 for all cores", plan.Workers, maxWorkers)
	case plan.Workers > plan.Cores:
		fmt.Fprintf(ctx.App.ErrWriter, "--workers %d: this process may use %s, so --workers %d\n", plan.Workers, message.Count(plan.Cores, "core"), plan.Cores)
		fallthrough
	case plan.Workers == 0:
		plan.Workers = plan.Cores
	}
	return plan, nil
}
