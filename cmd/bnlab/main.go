// Bnlab trains fully connected networks with batch normalisation on CIFAR-10.
package main

import (
	"os"

	"bnlab/blas"
	_ "bnlab/cmd/internal/machine"
	"bnlab/train/checkpoint"
)

func main() {
	takeCores()
	blas.SetThreads(1) // what gains by more takes more: trainThreads
	ctx, end := untilSignal(), make(chan int, 1)
	go func() { end <- run(ctx, os.Args, os.Stdout, os.Stderr) }()
	os.Exit(orGiveUp(ctx, end, grace, checkpoint.Saving, os.Stderr))
}
