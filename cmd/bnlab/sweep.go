package main

import (
	"bnlab/cmd/internal/shell"
	"bnlab/train/experiment"
	"bnlab/train/message"
)

func sweepCommand() *shell.Command {
	return shell.Group(shell.Command{
		Name:  "sweep",
		Usage: "plan many trainings, run parts of them on several hosts, gather",
		Description: `The plan comes first: what is trained, in which units. Then it is trained, here (run) or
by a cluster (submit), in one process or in many, at once or one after the other.
status tells how far it is, collect gathers the results, and report draws them.

Examples:
  bnlab sweep plan compare --depth 3 --seeds 4 --out runs/four
  bnlab sweep run runs/four
  bnlab sweep status runs/four
  bnlab sweep collect runs/four && bnlab report runs/four`,
	}, planCommand(), submitCommand(), runCommand(), statusCommand(), collectCommand())
}

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
			call.Warn("more records are damaged, and count as missing")
		case told <= message.MostListed:
			call.Warn(shell.ErrorLine(err) + "; counts as missing, `bnlab sweep run` trains it again")
		}
	}
}
