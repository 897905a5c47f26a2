package sweep

import (
	"path/filepath"

	"bnlab/cmd/internal/screen"
	"bnlab/cmd/internal/shell"
	"bnlab/train/atomicfile"
	"bnlab/train/experiment"
	"bnlab/train/tensorboard"
)

// Watching is an observer of trainings: their progress on stderr and, with --tensorboard,
// their curves in event files.
type Watching struct {
	experiment.Observer
	Note func(format string, args ...any) // above the progress bars, if any
	End  func()                           // when the trainings are over
}

// Watch returns the observer of the trainings of todo. Event files go to the folder
// of(trial) below dir; there are none if dir is empty.
func Watch(
	call *shell.Call, quiet bool, dir string, todo []experiment.Trial, of func(experiment.Trial) string,
) (Watching, error) {
	if dir != "" {
		if err := call.CanBeFolder("tensorboard", dir); err != nil {
			return Watching{}, err
		}
		if err := atomicfile.MakeDirs(dir); err != nil {
			return Watching{}, shell.Usagef("--tensorboard %v; give a writable folder", err)
		}
	}
	progress := screen.NewProgress(call.Err, quiet, todo)
	if dir == "" {
		return Watching{progress, progress.Note, progress.Close}, nil
	}
	folder := func(t experiment.Trial) string { return filepath.Join(dir, of(t)) }
	log := &tensorboard.Log{Observer: progress, Dir: folder}
	return Watching{log, progress.Note, func() {
		progress.Close()
		// Incomplete event files are no reason for the run to fail: its records are
		// complete.
		if err := log.Close(); err != nil {
			call.Warn("--tensorboard " + shell.ErrorLine(err) + ": its curves are incomplete, the results are not")
		}
	}}, nil
}
