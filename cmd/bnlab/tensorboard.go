package main

import (
	"path/filepath"

	"bnlab/cmd/internal/shell"
	"bnlab/train/atomicfile"
	"bnlab/train/experiment"
	"bnlab/train/tensorboard"
)

// curves is an observer that, with --tensorboard, writes event files too.
type curves struct {
	experiment.Observer
	end func() error
}

// newCurves returns an observer that passes everything on to o. Files of trial t go into
// the folder of(t) below dir; nowhere where that is empty.
func newCurves(call *shell.Call, dir string, o experiment.Observer, of func(experiment.Trial) string) (curves, error) {
	if dir == "" {
		return curves{o, func() error { return nil }}, nil
	}
	if err := call.CanBeFolder("tensorboard", dir); err != nil {
		return curves{}, err
	}
	if err := atomicfile.MakeDirs(dir); err != nil {
		return curves{}, shell.Usagef("--tensorboard %v; give a folder that can be written to", err)
	}
	log := &tensorboard.Log{Observer: o, Dir: func(t experiment.Trial) string { return filepath.Join(dir, of(t)) }}
	return curves{log, log.Close}, nil
}

// close ends the files. That they are not whole is no reason for the run to fail:
// its own records are.
func (c curves) close(call *shell.Call) {
	if err := c.end(); err != nil {
		call.Warn("--tensorboard " + shell.ErrorLine(err) + ": its curves are not complete, the results are")
	}
}
