package main

import (
	"bnlab/cmd/internal/shell"
	"bnlab/train/experiment"
	"bnlab/train/message"
)

// openFolder opens the run folder that the command line names.
func openFolder(call *shell.Call) (*experiment.Folder, error) {
	if len(call.Args) != 1 {
		return nil, shell.Usagef("%d arguments: give one run folder", len(call.Args))
	}
	return experiment.Open(call.Args[0])
}

// damagedTo returns what tells of records that count as missing, of many the first.
func damagedTo(call *shell.Call) func(error) {
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
