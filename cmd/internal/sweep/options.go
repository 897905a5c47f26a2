// Package sweep turns the options of a command that trains many networks into the
// experiment.Lab that trains them, with progress on stderr, and says what became of it.
package sweep

import (
	"bnlab/cmd/internal/dataset"
	"bnlab/cmd/internal/machine"
	"bnlab/cmd/internal/shell"
	"bnlab/model"
	"bnlab/train"
	"bnlab/train/experiment"
)

// Trials says how many trials train, and how.
type Trials struct {
	Seeds       int    `flag:"seeds" min:"1" max:"100000" help:"trials per configuration, with seeds from --seed up"`
	Workers     int    `flag:"workers" min:"0" max:"4096" help:"cores that train in parallel; 0 for all this process may use"`
	Threads     int    `flag:"threads" min:"1" max:"4096" help:"BLAS threads per worker"`
	Fuse        string `flag:"fuse" arg:"auto|off|N" values:"auto,off,…" help:"trials of the same shape that a worker trains side by side; other layers, activations, optimisers, batches, data or steps train apart, because one pass serves all"`
	TensorBoard string `flag:"tensorboard" arg:"DIR" help:"write the curves as TensorBoard event files, one folder per trial in DIR"`
	Out         string `flag:"out" arg:"DIR" help:"keep finished trials in the run folder DIR; the same command run again trains only what is missing"`
	shell.Backend
	shell.Progress
	shell.Format
}

// DefaultTrials returns the defaults.
func DefaultTrials() Trials { return Trials{Seeds: 1, Threads: 1, Fuse: "auto"} }

// Options are those of a command that trains many networks of one configuration, or
// plans them.
type Options struct {
	Trials
	Hyper
	dataset.Options
}

// Default returns the default options with a configuration.
func Default(c train.Config) Options { return Options{DefaultTrials(), Hyper{c}, dataset.Default()} }

// Hyper is the configuration of a training.
type Hyper struct{ train.Config }

// Check completes it: --sigma alone implies --init normal, and there are no more
// evaluations than steps.
func (h *Hyper) Check(call *shell.Call) error {
	if call.IsSet("sigma") && !call.IsSet("init") {
		h.Init = model.Normal
	}
	if err := Canonical(call, &h.Config); err != nil {
		return err
	}
	h.Evals = min(h.Evals, 2*max(h.NS, 1))
	return h.Validate()
}

// Canonical brings --norm and --bn, which are one choice, --norm-layers and --frozen into the
// form of a configuration. Where the first two contradict each other it returns an error.
func Canonical(call *shell.Call, c *train.Config) error {
	c.SetNormLayers(c.NormLayers)
	c.SetFrozen(c.Frozen)
	switch {
	case !call.IsSet("norm"):
		return nil
	case call.IsSet("bn") && c.BN != (c.Norm == model.BatchNorm):
		return call.Bad("norm", "--bn says otherwise; give one of the two")
	}
	if c.SetNorm(c.Norm); c.BN {
		call.StandsFor("norm", "bn")
	}
	return nil
}

// GradientSample is how many elements of a tensor are checked. Tests of other things
// check fewer.
var GradientSample = 100

// MaxFuse is the maximum number of nets side by side: beyond sixteen they gain nothing,
// and each costs memory.
const MaxFuse = 1024

// Fuse reads --fuse, of which most is the maximum.
func Fuse(call *shell.Call, text string, most int) (int, error) {
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

// SetWorkers sets the BLAS threads and decides how many workers train, here or also on
// other hosts.
func (o *Trials) SetWorkers(call *shell.Call, here bool) {
	tell := func(line string) { call.Note("%s", line) }
	o.Threads = machine.SetThreads(o.Threads, tell)
	o.Workers = machine.Workers(o.Workers, o.Threads, here, tell)
}
