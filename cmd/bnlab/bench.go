package main

import (
	"fmt"
	"io"
	"os"

	"github.com/urfave/cli/v2"

	"bnlab/blas"
	"bnlab/train"
	"bnlab/train/bench"
	"bnlab/train/experiment"
)

func benchCommand() *cli.Command {
	d := train.Default()
	// A schedule long enough to time, on sets that leave training and evaluation
	// in about the proportion they have in the study.
	d.NS, d.Cycles = 500, 1
	d.TrainSize, d.Val, d.TestSize, d.EvalTrain = 15000, 1000, 2000, 1000
	return &cli.Command{
		Name:  "bench",
		Usage: "measure BLAS at its peak and in use, a training step, and many at once",
		Description: `Medians over --rounds rounds, in which everything compared takes turns. On a shared
machine trust the ratios, not the times.

Examples:
  bnlab bench
  env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE bnlab bench --rounds 15 --json
  bnlab bench --precision f64 --hidden 200,100`,
		Flags: flags(netFlags()[:1], []cli.Flag{
			intFlag("rounds", 7, "rounds of each measurement"),
			intFlag("workers", 0, "cores of the sweep; 0 for all this process may use"),
			textFlag("fuse", "auto", "trials side by side on a core in the sweep: auto, off or a number"),
			jsonFlag(),
		}, hyperFlags(d), dataFlags()),
		Action: benchAction,
	}
}

// benchReport is what bench --json prints.
type benchReport struct {
	Backend  blas.Backend       `json:"backend"`
	Features []string           `json:"cpu_features"`
	Warnings []string           `json:"warnings"`
	Dataset  experiment.Dataset `json:"dataset"`
	Config   train.Config       `json:"config"`
	Peak     float64            `json:"gemm_peak_gflops"`      // of one core alone
	PeakAll  float64            `json:"gemm_peak_all_gflops"`  // of all workers at once
	Shapes   []bench.Product    `json:"shapes"`                // products of a step of one net
	Step     bench.Step         `json:"step"`                  // of one net
	Fused    bench.Step         `json:"fused_step"`            // of several side by side
	Images   float64            `json:"images_per_second"`     // of one net on one core
	Threads  []bench.Threads    `json:"threads"`               // a step of one net, its products on 1 … all cores
	Scaling  []bench.Sweep      `json:"scaling"`               // 1 … all workers
	Sweep    bench.Sweep        `json:"sweep"`                 // all workers
	Memory   int                `json:"resident_memory_bytes"` // at the end
}

func benchAction(ctx *cli.Context) error {
	if err := noArguments(ctx); err != nil {
		return err
	}
	c, err := configOf(ctx)
	if err != nil {
		return err
	}
	c.BN = true
	rounds, err := countFlag(ctx, "rounds")
	if err != nil {
		return err
	}
	nets, err := fuseOf(ctx.String("fuse"))
	if err != nil {
		return err
	}
	workers := ctx.Int("workers")
	if workers < 0 || workers > maxWorkers {
		return usagef("--workers %d: give 1 to %d, or 0 for all cores", workers, maxWorkers)
	}
	if workers == 0 {
		workers = cores()
	}
	data, err := openData(ctx, c)
	if err != nil {
		return err
	}
	blas.SetThreads(1)
	r := benchReport{Backend: blas.Current(), Features: blas.Features(), Warnings: blas.Advice(), Dataset: data.dataset(), Config: c}
	if c.Precision == train.F64 {
		err = measure(ctx, &r, trainData[float64](data), workers, nets, rounds)
	} else {
		err = measure(ctx, &r, trainData[float32](data), workers, nets, rounds)
	}
	if err != nil {
		return err
	}
	if ctx.Bool("json") {
		return printJSON(ctx.App.Writer, r)
	}
	printBench(ctx.App.Writer, r)
	return nil
}

// measure fills in the numbers of r.
func measure[T blas.Float](ctx *cli.Context, r *benchReport, data train.Data[T], workers, nets, rounds int) (err error) {
	if r.Peak, err = bench.Peak[T](ctx.Context, 1, rounds); err != nil {
		return err
	}
	if r.PeakAll, err = bench.Peak[T](ctx.Context, workers, rounds); err != nil {
		return err
	}
	if r.Step, r.Shapes, err = bench.MeasureStep(ctx.Context, r.Config, data, 1, rounds); err != nil {
		return err
	}
	r.Images = 1e6 * float64(r.Config.Batch) / r.Step.Us
	if r.Fused, _, err = bench.MeasureStep(ctx.Context, r.Config, data, nets, rounds); err != nil {
		return err
	}
	if r.Threads, err = bench.MeasureThreads(ctx.Context, r.Config, data, workers, rounds); err != nil {
		return err
	}
	for w := 1; ; w = min(2*w, workers) {
		s, err := bench.MeasureSweep(ctx.Context, r.Config, data, w, nets, max(1, rounds/3), r.PeakAll/float64(workers))
		if err != nil {
			return err
		}
		r.Scaling = append(r.Scaling, s)
		if w == workers {
			break
		}
	}
	r.Sweep = r.Scaling[len(r.Scaling)-1]
	r.Memory = residentBytes()
	return nil
}

// residentBytes returns the memory of the process, where the system tells.
func residentBytes() int {
	raw, err := os.ReadFile("/proc/self/statm")
	var size, resident int
	if err != nil {
		return 0
	}
	if _, err := fmt.Sscan(string(raw), &size, &resident); err != nil {
		return 0
	}
	return resident * os.Getpagesize()
}

func printBench(w io.Writer, r benchReport) {
	fmt.Fprintf(w, "%s %s (%s), %s\n", r.Backend.Name, r.Backend.Version, r.Backend.Core, r.Config.Precision)
	for _, warning := range r.Warnings {
		fmt.Fprintln(w, "WARNING "+warning)
	}
	fmt.Fprintf(w, "peak of a %s: %.0f GFLOP/s on one core, %.0f on %d together\n\n", "large square product", r.Peak, r.PeakAll, r.Sweep.Workers)

	t := newTable(w, 2, "product of a step", "m", "n", "k", "µs", "GFLOP/s")
	for _, p := range r.Shapes {
		t.AppendRow([]any{p.Name, p.M, p.N, p.K, fmt.Sprintf("%.1f", p.Us), fmt.Sprintf("%.0f", p.GFlops)})
	}
	t.Render()
	fmt.Fprintln(w)

	t = newTable(w, 1, "nets", "step µs", "per net", "gather", "forward", "backward", "own products", "step/products", "calls")
	for _, s := range []bench.Step{r.Step, r.Fused} {
		f := func(us float64) string { return fmt.Sprintf("%.0f", us) }
		t.AppendRow([]any{s.Nets, f(s.Us), f(s.Us / float64(s.Nets)), f(s.GatherUs), f(s.ForwardUs), f(s.BackwardUs), f(s.GemmUs),
			fmt.Sprintf("%.2f", s.Overhead), s.Calls})
	}
	t.Render()
	fmt.Fprintf(w, "one net on one core: %.0f images/s\n\n", r.Images)

	t = newTable(w, 1, "threads a product", "step µs", "faster by")
	for _, m := range r.Threads {
		t.AppendRow([]any{m.Threads, fmt.Sprintf("%.0f", m.Us), fmt.Sprintf("%.2f", r.Threads[0].Us/m.Us)})
	}
	t.Render()
	fmt.Fprintln(w)

	t = newTable(w, 1, "workers", "nets each", "images/s", "against 1 worker", "of peak", "of peak, training alone")
	for _, s := range r.Scaling {
		linear := s.Images / (r.Scaling[0].Images * float64(s.Workers))
		t.AppendRow([]any{s.Workers, s.Nets, fmt.Sprintf("%.0f", s.Images), percent(linear), percent(s.Fraction), percent(s.TrainOnly)})
	}
	t.Render()
	fmt.Fprintf(w, "%.0f MB resident\n", float64(r.Memory)/1e6)
}
