package main

import "bnlab/cmd/internal/shell"

func sweepCommand() *shell.Command {
	return shell.NewGroup(shell.Command{
		Name:  "sweep",
		Usage: "plan many trainings, run them on several hosts, collect results",
		Description: `First write a plan: what to train, in which units. Then train it here (run) or on a
cluster (submit), in one process or in many, in parallel or one after another.
status shows the progress, collect gathers the results, and report draws them.

Examples:
  bnlab sweep plan compare --depth 3 --seeds 4 --out runs/four
  bnlab sweep run runs/four
  bnlab sweep status runs/four
  bnlab sweep collect runs/four && bnlab report runs/four`,
	}, planCommand(), submitCommand(), runCommand(), statusCommand(), collectCommand())
}
