// Package manual holds what the manual page says besides the help of the commands.
package manual

import (
	"fmt"

	"bnlab/cmd/internal/dataset"
	"bnlab/cmd/internal/shell"
	"bnlab/cmd/internal/sweep"
	"bnlab/train"
)

// Sections returns the sections of the manual page, besides the help of the commands.
func Sections() []shell.Section {
	c, sweeps, data := train.Default(), sweep.DefaultTrials(), dataset.Default()
	general := shell.Describe(&struct {
		shell.Format
		shell.Progress
	}{}, "")
	shared := []shell.Section{
		{Title: "HYPER-PARAMETERS", Options: shell.Describe(&c, "hidden bn")},
		{Title: "SWEEPS", Options: shell.Describe(&sweeps, "json quiet")},
		{Title: "DATA", Options: shell.Describe(&data, "")},
		{Title: "GENERAL FLAGS", Options: append(general, shell.Common()...)},
	}
	return append(shared, sections...)
}

// Description says what the program is.
const Description = `bnlab trains fully connected networks with and without batch normalisation on
CIFAR-10, on the CPU, and repeats a published study of them: gradient checks, 3 and 9
layers, a search for the weight λ of the L2 term, and a sweep over the spread σ of the
initial weights.

Results go to standard output; progress, notes and errors go to standard error. An error
is one line: what, where, and what to do. Flags may stand before, between and after other
arguments; nothing after -- is a flag.

If CIFAR-10 is not found, the program generates a synthetic set of the same shape and
uses that, and every table, figure and record says so.`

var sections = []shell.Section{
	{Title: "CONFIGURATION FILE", Text: `A file for --config has one line per flag, without the leading hyphens, as YAML (.yaml,
.yml) or TOML (.toml). The command line takes precedence over the environment, then the
file, then the default.

  bnlab train --bn --lambda 0.003 --print-config > my.yaml
  bnlab train --config my.yaml`},
	{Title: "ENVIRONMENT", Terms: [][2]string{
		{"BNLAB_FLAG", "sets a flag: BNLAB_ETA_MAX is --eta-max, BNLAB_JSON=true is --json; an empty one is ignored"},
		{"CIFAR10_DIR", "CIFAR-10 folder, if --data is not given"},
		{"NO_COLOR", "if set, no colours, even on a terminal"},
		{"OPENBLAS_CORETYPE", "pins OpenBLAS to the kernels of one CPU, often a slower one; bnlab info names it"},
		{"XDG_CACHE_HOME", "the user's cache folder, if not ~/.cache"},
	}},
	{Title: "FILES", Terms: [][2]string{
		{"data/cifar-10-batches-bin", "CIFAR-10, looked for in the working folder if neither --data nor CIFAR10_DIR names one"},
		{"~/.cache/bnlab/cifar-10-batches-bin", "CIFAR-10, looked for last"},
		{"DIR/plan.json", "every trial of a run folder with its whole configuration"},
		{"DIR/trials/ID/result.json", "a finished trial; if it exists, the trial is done"},
		{"DIR/trials/ID/curve.jsonl", "one line per evaluation of the trial"},
		{"DIR/report/index.html", "the report of a run folder, with tables.md, summary.json and figures/"},
		{"*.safetensors", "saved networks, which PyTorch loads as well"},
		{"/usr/local/share/doc/bnlab/docs", "further pages such as docs/python.md, under the installation prefix"},
	}},
	{Title: "EXIT STATUS", Terms: [][2]string{
		{fmt.Sprint(shell.ExitDone), "done"},
		{fmt.Sprint(shell.ExitFailed), "failed at run time"},
		{fmt.Sprint(shell.ExitUsage), "bad usage, configuration or input file"},
		{fmt.Sprint(shell.ExitCheck), "a check failed (gradcheck, data verify)"},
		{fmt.Sprint(shell.ExitInterrupted), "interrupted"},
	}},
	{Title: "EXAMPLES", Text: `Train a network, look at its mistakes, classify pictures:

  bnlab train --bn --save m.safetensors
  bnlab eval --figure confusion.svg --mistakes mistakes.png m.safetensors
  bnlab predict m.safetensors cat.jpg photos

Repeat the study with three seeds, then read its report in a browser:

  bnlab reproduce --seeds 3 --out runs/reproduce
  xdg-open runs/reproduce/report/index.html

A faster look at one question:

  bnlab compare --depth 9 --seeds 3 --cycles 1 --ns 450`},
}
