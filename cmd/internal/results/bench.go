// Package results holds what commands print: tables for people, and the same as JSON
// objects for programs.
package results

import (
	"fmt"
	"io"

	"bnlab/blas"
	"bnlab/cmd/internal/screen"
	"bnlab/train"
	"bnlab/train/bench"
	"bnlab/train/experiment"
	"bnlab/train/message"
)

// Bench is what bench prints: the medians, and in the same form the lowest and highest
// values.
type Bench struct {
	Version    string             `json:"version"`
	Backend    blas.Backend       `json:"backend"`
	Cores      int                `json:"cores"` // that this process may use
	Features   []string           `json:"cpu_features"`
	Warnings   []string           `json:"warnings"`
	BitsFollow Bits               `json:"bits_follow"`
	Dataset    experiment.Dataset `json:"dataset"`
	Config     train.Config       `json:"config"`
	Rounds     int                `json:"rounds"`
	bench.Report
	Low  bench.Report `json:"low"`
	High bench.Report `json:"high"`
}

// Table writes tables of medians, most followed by the lowest and highest values.
func (r Bench) Table(w io.Writer) {
	fmt.Fprintf(w, "%s %s (%s), %s, cores: %d\n", r.Backend.Name, r.Backend.Version, r.Backend.Core, r.Config.Precision, r.Cores)
	for _, warning := range r.Warnings {
		fmt.Fprintln(w, "WARNING "+warning)
	}
	fmt.Fprintf(w, "bits: %s\n", r.BitsFollow)
	fmt.Fprintf(w, "medians of %s (lowest–highest)\n\n", message.Count(r.Rounds, "round"))

	fmt.Fprintf(w, "peak of a large square product, GFLOP/s: %s on one core", spread("%.0f", r.Peak, r.Low.Peak, r.High.Peak))
	if r.Sweep.Workers > 1 {
		fmt.Fprintf(w, ",\n%s on %d together", spread("%.0f", r.PeakAll, r.Low.PeakAll, r.High.PeakAll), r.Sweep.Workers)
	}
	fmt.Fprint(w, "\n\n")
	printProducts(w, r)
	printSteps(w, r)
	printThreads(w, r)
	printScaling(w, r)
	printBackends(w, r)
}

// printBackends compares the backends and precisions, and names the fastest.
func printBackends(w io.Writer, r Bench) {
	if len(r.Backends) == 0 {
		return
	}
	fmt.Fprintln(w)
	header := []any{"backend", "precision", "a step, µs"}
	if r.Fused.Nets > 1 {
		header = append(header, fmt.Sprintf("each of %d side by side, µs", r.Fused.Nets))
	}
	t := screen.Table(w, 2, header...)
	for i, b := range r.Backends {
		low, high := r.Low.Backends[i], r.High.Backends[i]
		row := []any{b.Name, b.Precision, spread("%.0f", b.StepUs, low.StepUs, high.StepUs)}
		if r.Fused.Nets > 1 {
			row = append(row, spread("%.0f", b.FusedUs, low.FusedUs, high.FusedUs))
		}
		t.AppendRow(row)
	}
	t.Render()
	if f32, found := r.Fastest(train.F32); found {
		fmt.Fprintf(w, "fastest here: --backend %s\n", f32.Name)
		if bf16, _ := r.Fastest(train.BF16); bf16.FusedUs < f32.FusedUs {
			fmt.Fprintf(w, "with operands rounded to bfloat16: --backend %s --precision bf16\n", bf16.Name)
		}
	}
}

// spread writes a median with the lowest and highest values, all in one format, or a
// single value if they are equal.
func spread(format string, median, low, high float64) string {
	if low == high {
		return fmt.Sprintf(format, median)
	}
	return fmt.Sprintf(format+" ("+format+"–"+format+")", median, low, high)
}

// printProducts writes the products of a step of one net, and those of several nets
// that differ.
func printProducts(w io.Writer, r Bench) {
	t := screen.Table(w, 4, "layer", "product", "", "nets", "m", "n", "k", "µs", "GFLOP/s")
	for i, p := range r.Shapes {
		if p.Nets > 1 && p.Layer > 1 {
			continue
		}
		t.AppendRow([]any{p.Layer, p.Pass, p.Name, p.Nets, p.M, p.N, p.K, fmt.Sprintf("%.1f", p.Us),
			spread("%.0f", p.GFlops, r.Low.Shapes[i].GFlops, r.High.Shapes[i].GFlops)})
	}
	t.Render()
	fmt.Fprintln(w)
}

// stepLines are the lines about a step, with times per net.
var stepLines = []struct {
	name, format string
	of           func(bench.Step) float64
}{
	{"gather", "%.0f", func(s bench.Step) float64 { return s.GatherUs / float64(s.Nets) }},
	{"forward", "%.0f", func(s bench.Step) float64 { return s.ForwardUs / float64(s.Nets) }},
	{"loss, backward and update", "%.0f", func(s bench.Step) float64 { return s.BackwardUs / float64(s.Nets) }},
	{"the whole step", "%.0f", func(s bench.Step) float64 { return s.Us / float64(s.Nets) }},
	{"its products alone", "%.0f", func(s bench.Step) float64 { return s.GemmUs / float64(s.Nets) }},
	{"step / products", "%.2f", func(s bench.Step) float64 { return s.Overhead }},
	{"% of the core's peak", "%.0f", func(s bench.Step) float64 { return 100 * s.Fraction }},
	{"evaluation of as many images", "%.0f", func(s bench.Step) float64 { return s.EvaluateUs / float64(s.Nets) }},
}

// printSteps writes the parts of a step of one net and of several.
func printSteps(w io.Writer, r Bench) {
	header, steps := []any{"µs per step and net", "one net"}, [][3]bench.Step{{r.Step, r.Low.Step, r.High.Step}}
	if r.Fused.Nets > 1 {
		header = append(header, fmt.Sprintf("%d side by side", r.Fused.Nets))
		steps = append(steps, [3]bench.Step{r.Fused, r.Low.Fused, r.High.Fused})
	}
	t := screen.Table(w, 2, header...)
	for _, line := range stepLines {
		cells := []any{line.name}
		for _, s := range steps {
			cells = append(cells, spread(line.format, line.of(s[0]), line.of(s[1]), line.of(s[2])))
		}
		t.AppendRow(cells)
	}
	t.Render()
	fmt.Fprintf(w, "one net on one core: %s images/s\n", spread("%.0f", r.Images, r.Low.Images, r.High.Images))
	if r.Fused.Nets > 1 {
		fmt.Fprintf(w, "%d side by side are faster by %s\n", r.Fused.Nets, spread("%.2f", r.Gain, r.Low.Gain, r.High.Gain))
	}
	fmt.Fprintln(w)
}

func printThreads(w io.Writer, r Bench) {
	t := screen.Table(w, 1, "threads per product", "µs per step", "faster by")
	for i, m := range r.Threads {
		low, high := r.Low.Threads[i], r.High.Threads[i]
		t.AppendRow([]any{m.Threads, spread("%.0f", m.Us, low.Us, high.Us), spread("%.2f", m.Faster, low.Faster, high.Faster)})
	}
	t.Render()
	fmt.Fprintln(w)
}

// printScaling writes the speed of concurrent trainings, in percent of linear scaling
// and of the peak of as many cores.
func printScaling(w io.Writer, r Bench) {
	t := screen.Table(w, 1, "workers", "nets", "images/s", "% of linear", "% of peak", "updates alone", "evaluating")
	for i, s := range r.Scaling {
		low, high := r.Low.Scaling[i], r.High.Scaling[i]
		share := func(of func(bench.Sweep) float64) string {
			return spread("%.0f", 100*of(s), 100*of(low), 100*of(high))
		}
		t.AppendRow([]any{s.Workers, s.Nets, fmt.Sprintf("%.0f", s.Images),
			share(func(s bench.Sweep) float64 { return s.Linear }),
			share(func(s bench.Sweep) float64 { return s.Fraction }),
			share(func(s bench.Sweep) float64 { return s.TrainOnly }),
			fmt.Sprintf("%.0f %%", 100*s.Evaluation)})
	}
	t.Render()
}
