package main

import (
	"bnlab/cmd/internal/shell"
)

func sweepCommand() *shell.Command {
	return shell.NewGroup(shell.Command{
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
