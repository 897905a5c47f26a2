// Bnlab trains fully connected networks with batch normalisation on CIFAR-10.
package main

import (
	"context"
	"io"
	"os"

	"bnlab/blas"
	"bnlab/cmd/internal/build"
	"bnlab/cmd/internal/machine"
	"bnlab/cmd/internal/manual"
	"bnlab/cmd/internal/shell"
	"bnlab/train/checkpoint"
)

func main() {
	machine.SetGOMAXPROCS()
	machine.ScheduleAsBatch()
	blas.SetThreads(1) // commands that benefit from more set more
	ctx, end := shell.UntilSignal(), make(chan int, 1)
	go func() { end <- run(ctx, os.Args, os.Stdin, os.Stdout, os.Stderr) }()
	os.Exit(shell.WaitOrExit(ctx, end, shell.Grace, checkpoint.Saving, os.Stderr))
}

// run is the program: it runs args, prints results to stdout and everything else to
// stderr, and returns the exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	return program().Run(ctx, args, stdin, stdout, stderr)
}

// program returns the program, to run once.
func program() *shell.Program {
	return &shell.Program{
		Name:        "bnlab",
		Usage:       "train fully connected networks with batch normalisation on CIFAR-10",
		Version:     build.Version(),
		VersionText: build.Text,
		FirstSteps: `  bnlab train --bn --save m.safetensors     train a network and save it
  bnlab eval m.safetensors                  show its accuracy and confusion matrix
  bnlab compare --depth 3,9 --seeds 3       see what batch normalisation does`,
		Description: manual.Description,
		Sections:    manual.Sections(),
		Commands: []*shell.Command{
			gradcheckCommand(), trainCommand(), evalCommand(), predictCommand(), compareCommand(),
			searchCommand(), sigmaCommand(), reproduceCommand(), reportCommand(), watchCommand(), sweepCommand(), studyCommand(),
			dataCommand(), infoCommand(), benchCommand(), completionCommand(), manCommand(),
		},
	}
}
