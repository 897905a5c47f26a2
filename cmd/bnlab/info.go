package main

import (
	"context"
	"fmt"
	"runtime"
	"strings"

	"bnlab/blas"
	"bnlab/cifar"
	"bnlab/cmd/internal/build"
	"bnlab/cmd/internal/dataset"
	"bnlab/cmd/internal/machine"
	"bnlab/cmd/internal/screen"
	"bnlab/cmd/internal/shell"
	"bnlab/train"
)

type infoOptions struct {
	dataset.Options
	jsonOption
}

func infoCommand() *shell.Command {
	return shell.New(shell.Command{
		Name:  "info",
		Usage: "show the BLAS in use, what slows it down, and the data found",
		Description: `Examples:
  bnlab info
  env -u OPENBLAS_CORETYPE bnlab info --json`,
	}, infoOptions{}, "dataset", info)
}

// infoReport is what --json prints.
type infoReport struct {
	Version  string       `json:"version"`
	Go       string       `json:"go"`
	Backend  blas.Backend `json:"backend"`
	Built    string       `json:"built"` // the library's own line on how it was built
	Cores    int          `json:"cores"` // that this process may use
	Features []string     `json:"cpu_features"`
	Data     string       `json:"data"` // folder of CIFAR-10; empty where none was found
	Warnings []string     `json:"warnings"`

	BitsFollow bits `json:"bits_follow"`
}

// bits holds what else the last bits of a trial follow from than its configuration,
// precision and kernel, by precision, as tried out on the running kernel.
type bits struct {
	F32 string `json:"f32"`
	F64 string `json:"f64"`
}

func bitsFollow() bits {
	return bits{strings.Join(blas.BitsFollow[float32](), ", "), strings.Join(blas.BitsFollow[float64](), ", ")}
}

// String says it in a line.
func (b bits) String() string {
	line := "the last bits of a trial follow from its configuration, precision and kernel"
	for i, from := range []string{b.F32, b.F64} {
		if from != "" {
			line += fmt.Sprintf("; in %s also from %s", []train.Precision{train.F32, train.F64}[i], from)
		}
	}
	if strings.Contains(b.F32+b.F64, blas.Beside) {
		line += " (--fuse off trains each alone)"
	}
	return line
}

func info(_ context.Context, call *shell.Call, o infoOptions) error {
	dir, err := cifar.Find(o.Data)
	if err != nil {
		return err
	}
	b := blas.Current()
	r := infoReport{
		Version: build.Version(), Go: runtime.Version(), Backend: b, Built: b.Config,
		Cores: machine.Cores(), Features: blas.Features(), Data: dir, Warnings: blas.Advice(), BitsFollow: bitsFollow(),
	}
	if r.Warnings == nil {
		r.Warnings = []string{}
	}
	if o.JSON {
		return screen.JSON(call.Out, r)
	}
	if dir == "" {
		dir = "none found; the synthetic set stands in (see bnlab train --help, --data)"
	}
	w := call.Out
	fmt.Fprintf(w, "bnlab     %s, %s\n", r.Version, r.Go)
	fmt.Fprintf(w, "BLAS      %s %s\n", b.Name, b.Version)
	fmt.Fprintf(w, "kernel    %s\n", b.Core)
	fmt.Fprintf(w, "bits      %s\n", r.BitsFollow)
	fmt.Fprintf(w, "cores     %d\n", r.Cores)
	fmt.Fprintf(w, "threads   1 a trial of a sweep, %d for one training\n", min(machine.FastThreads, r.Cores))
	fmt.Fprintf(w, "built     %s\n", r.Built)
	fmt.Fprintf(w, "CPU       %s\n", strings.Join(r.Features, " "))
	screen.Note(w, "CIFAR-10  %s", dir)
	for _, warning := range r.Warnings {
		screen.Note(w, "WARNING   %s", warning)
	}
	return nil
}
