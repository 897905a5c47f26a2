package main

import (
	"path/filepath"

	"bnlab/cmd/internal/screen"
	"bnlab/cmd/internal/shell"
	"bnlab/train/atomicfile"
	"bnlab/train/experiment"
	"bnlab/train/tensorboard"
)

// watching is an observer of trainings: their progress on stderr and, with --tensorboard,
// their curves in event files.
type watching struct {
	experiment.Observer
	note func(format string, args ...any) // above the bars, where there are any
	end  func()                           // when the trainings are over
}

// watch returns the observer of the trainings of todo. Event files go into the folder
// of(trial) below dir; nowhere where dir is empty.
func watch(call *shell.Call, quiet bool, dir string, todo []experiment.Trial, of func(experiment.Trial) string) (watching, error) {
	if dir != "" {
		if err := call.CanBeFolder("tensorboard", dir); err != nil {
			return watching{}, err
		}
		if err := atomicfile.MakeDirs(dir); err != nil {
			return watching{}, shell.Usagef("--tensorboard %v; give a writable folder", err)
		}
	}
	progress := screen.NewProgress(call.Err, quiet, todo)
	if dir == "" {
		return watching{progress, progress.Note, progress.Close}, nil
	}
	log := &tensorboard.Log{Observer: progress, Dir: func(t experiment.Trial) string { return filepath.Join(dir, of(t)) }}
	return watching{log, progress.Note, func() {
		progress.Close()
		// That the files are not whole is no reason for the run to fail: its own records are.
		if err := log.Close(); err != nil {
			call.Warn("--tensorboard " + shell.ErrorLine(err) + ": its curves are incomplete, the results are not")
		}
	}}, nil
}
