package main

import (
	"fmt"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"bnlab/train/disk"
	"bnlab/train/experiment"
	"bnlab/train/tensorboard"
)

func tensorboardFlag(folders string) cli.Flag {
	return textFlag("tensorboard", "", "write the curves as event files for TensorBoard, "+folders)
}

// curves is an observer that, with --tensorboard, writes event files too.
type curves struct {
	experiment.Observer
	end func() error
}

// newCurves returns an observer that passes everything on to o. Files of trial t
// go into the folder of(t) below that of --tensorboard.
func newCurves(ctx *cli.Context, o experiment.Observer, of func(experiment.Trial) string) (curves, error) {
	dir := ctx.String("tensorboard")
	if dir == "" {
		return curves{o, func() error { return nil }}, nil
	}
	if err := canBeFolder("tensorboard", dir); err != nil {
		return curves{}, err
	}
	if err := disk.MakeDirs(dir); err != nil {
		return curves{}, usagef("--tensorboard %v; give a folder that can be written to", err)
	}
	log := &tensorboard.Log{Observer: o, Dir: func(t experiment.Trial) string { return filepath.Join(dir, of(t)) }}
	return curves{log, log.Close}, nil
}

// close ends the files. That they are not whole is no reason for the run to fail:
// its own records are.
func (c curves) close(ctx *cli.Context) {
	if err := c.end(); err != nil {
		fmt.Fprintf(ctx.App.ErrWriter, "WARNING: --tensorboard %s: its curves are not complete, the results are\n", oneLine(err))
	}
}
