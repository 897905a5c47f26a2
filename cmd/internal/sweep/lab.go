package sweep

import (
	"path/filepath"

	"bnlab/cifar"
	"bnlab/cmd/internal/build"
	"bnlab/cmd/internal/dataset"
	"bnlab/cmd/internal/machine"
	"bnlab/cmd/internal/modelfile"
	"bnlab/cmd/internal/shell"
	"bnlab/train"
	"bnlab/train/experiment"
)

// New returns the lab that trains on the images with the options of a sweep, with
// progress on stderr.
func New(call *shell.Call, o Trials, fuse int, data *dataset.Images) *experiment.Lab {
	l := &experiment.Lab{
		Data: data.Data(), Dataset: data.Dataset(), Dim: cifar.Dim, Classes: cifar.Classes,
		Program: build.Version(), Dir: o.Out,
		Workers: o.Workers, Fuse: fuse, Room: machine.RoomToTrain,
	}
	l.Metadata = func(c train.Config, r train.Result) (map[string]string, error) { return modelfile.Metadata(c, data, r) }
	note := call.Note // above the progress bars, if any
	l.Watch = func(todo []experiment.Trial, sub string) (experiment.Observer, func(), error) {
		below := func(t experiment.Trial) string { return filepath.Join(sub, t.ID) }
		w, err := Watch(call, o.Quiet, o.TensorBoard, todo, below)
		if err != nil {
			return nil, nil, err
		}
		note = w.Note
		return w, func() {
			w.End()
			note = call.Note
		}, nil
	}
	l.Say = func(format string, args ...any) {
		if !o.Quiet {
			call.Note(format, args...)
		}
	}
	l.Warn = func(err error) { note("%s", warningOf(err)) }
	return l
}

// Lab reads the data and returns the lab that trains on them, here or also on other
// hosts, after all flags have been checked.
func (o *Options) Lab(call *shell.Call, here bool) (*experiment.Lab, error) {
	return o.Trials.Lab(call, o.Config, o.Options, here)
}

// Lab does so for trainings whose configuration says c of the data.
func (o Trials) Lab(call *shell.Call, c train.Config, from dataset.Options, here bool) (*experiment.Lab, error) {
	o.SetWorkers(call, here)
	fuse, err := Fuse(call, o.Fuse, MaxFuse)
	if err != nil {
		return nil, err
	}
	if o.Out != "" {
		if err := call.CanBeFolder("out", o.Out); err != nil {
			return nil, err
		}
	}
	data, err := from.OpenToTrain(c, call.Note)
	if err != nil {
		return nil, err
	}
	return New(call, o, fuse, data), nil
}
