package main

import (
	"errors"
	"fmt"

	"bnlab/cmd/internal/dataset"
	"bnlab/cmd/internal/machine"
	"bnlab/cmd/internal/modelfile"
	"bnlab/cmd/internal/shell"
	"bnlab/model"
	"bnlab/train"
	"bnlab/train/experiment"
)

// Options shared by several commands.

// jsonOption selects how a command prints its result.
type jsonOption struct {
	JSON bool `flag:"json" group:"General" help:"print exactly one JSON object on stdout"`
}

// dataOptions are those of a command that inspects data.
type dataOptions struct {
	dataset.Options
	jsonOption
}

// quietOption selects whether a command shows progress.
type quietOption struct {
	Quiet bool `flag:"quiet" group:"General" help:"print no progress on stderr"`
}

// sweepOptions say how many trials train, and how.
type sweepOptions struct {
	Seeds       int    `flag:"seeds" min:"1" max:"100000" help:"trials per configuration, with seeds from --seed up"`
	Workers     int    `flag:"workers" min:"0" max:"4096" help:"cores that train in parallel; 0 for all this process may use"`
	Threads     int    `flag:"threads" min:"1" max:"4096" help:"BLAS threads per worker"`
	Fuse        string `flag:"fuse" arg:"auto|off|N" values:"auto,off,…" help:"trials of the same shape that a worker trains side by side"`
	TensorBoard string `flag:"tensorboard" arg:"DIR" help:"write the curves as TensorBoard event files, one folder per trial in DIR"`
	Out         string `flag:"out" arg:"DIR" help:"keep finished trials in the run folder DIR; the same command run again trains only what is missing"`
	quietOption
	jsonOption
}

func defaultSweep() sweepOptions { return sweepOptions{Seeds: 1, Threads: 1, Fuse: "auto"} }

// studyOptions are those of a command that trains many networks, or plans them.
type studyOptions struct {
	sweepOptions
	hyper
	dataset.Options
}

// hyper is the configuration of a training.
type hyper struct{ train.Config }

func defaultHyper() hyper { return hyper{train.Default()} }

// Check completes it: --sigma alone implies --init normal, and there are no more
// evaluations than steps.
func (h *hyper) Check(call *shell.Call) error {
	if call.IsSet("sigma") && !call.IsSet("init") {
		h.Init = model.Normal
	}
	h.Evals = min(h.Evals, 2*max(h.NS, 1))
	return h.Validate()
}

// maxFuse is the maximum number of nets side by side: beyond sixteen they gain nothing,
// and each costs memory.
const maxFuse = 1024

// fuseOf reads --fuse.
func fuseOf(call *shell.Call, text string, most int) (int, error) {
	switch text {
	case "auto":
		return experiment.MaxFuse, nil
	case "off":
		return 1, nil
	}
	n, err := shell.ParseInt(text)
	if err != nil || n < 1 || n > most {
		return 0, call.Bad("fuse", "give auto, off or a number from 1 to %d", most)
	}
	return n, nil
}

// setWorkers sets the BLAS threads and decides how many workers train, here or also on
// other hosts.
func (o *sweepOptions) setWorkers(call *shell.Call, here bool) {
	tell := func(line string) { call.Note("%s", line) }
	o.Threads = machine.SetThreads(o.Threads, tell)
	o.Workers = machine.Workers(o.Workers, o.Threads, here, tell)
}

// openModel reads the network named by the first argument, and applies the flags for
// one from another program.
func openModel(call *shell.Call, o modelfile.Foreign) (*modelfile.File, error) {
	m, err := modelfile.Read(call.Args[0])
	if errors.Is(err, model.ErrFile) {
		err = fmt.Errorf("%w; give a network that `bnlab train --save` wrote", err)
	}
	if err != nil {
		return nil, err
	}
	return m, m.Complete(o, call.IsSet, call.Note)
}
