// Package runfolder opens the run folders that a command line names.
package runfolder

import (
	"bnlab/cmd/internal/shell"
	"bnlab/train/answer"
	"bnlab/train/experiment"
	"bnlab/train/message"
	"bnlab/train/study"
)

// CheckStdout returns an error if standard output would be appended to a file of the run
// folders.
func CheckStdout(call *shell.Call) error {
	for _, dir := range call.Args {
		if err := call.CheckStdout(answer.Files(dir)); err != nil {
			return err
		}
	}
	return nil
}

// Work returns the work in the folder, which is that of a study or of a plan.
func Work(call *shell.Call) (*answer.Work, error) {
	if err := one(call); err != nil {
		return nil, err
	}
	return answer.WorkIn(call.Args[0])
}

// ToTrain returns the work in the folder, which is that of a study, of a plan, or of a
// stage whose plan is not there yet.
func ToTrain(call *shell.Call) (*answer.Work, error) {
	if err := one(call); err != nil {
		return nil, err
	}
	if w, err := answer.StageIn(call.Args[0]); w != nil || err != nil {
		return w, err
	}
	return answer.WorkIn(call.Args[0])
}

// one returns an error unless one folder is named, to which standard output does not go.
func one(call *shell.Call) error {
	if err := CheckStdout(call); err != nil {
		return err
	}
	if len(call.Args) != 1 {
		return shell.Usagef("%d arguments: give one run folder", len(call.Args))
	}
	return nil
}

// Study returns the study in the folder; nil if it is that of a plan, or if there are
// several.
func Study(call *shell.Call) (*study.Study, error) {
	if err := CheckStdout(call); err != nil || len(call.Args) != 1 {
		return nil, err
	}
	return answer.StudyIn(call.Args[0])
}

// Pool opens the run folders, one or more.
func Pool(call *shell.Call) (*experiment.Pooled, error) {
	if len(call.Args) == 0 {
		return nil, shell.Usagef("0 arguments: give one or more run folders")
	}
	var folders []*experiment.Folder
	for _, dir := range call.Args {
		f, err := experiment.Open(dir)
		if err != nil {
			return nil, err
		}
		folders = append(folders, f)
	}
	return experiment.PoolFolders(folders...)
}

// Damaged returns the function that reports records that count as missing, the first if
// there are many.
func Damaged(call *shell.Call) func(error) {
	told := 0
	return func(err error) {
		switch told++; {
		case told == message.MostListed+1:
			call.Warn("more records are damaged and count as missing")
		case told <= message.MostListed:
			call.Warn(shell.ErrorLine(err) + "; it counts as missing, `bnlab sweep run` trains it again")
		}
	}
}
