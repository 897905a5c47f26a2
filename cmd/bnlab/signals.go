package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// stops are the signals that ask the program to save and end: of Ctrl-C, of the
// host, of a terminal that closes, and of Slurm some time before it kills.
var stops = []os.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGUSR1}

// untilSignal returns a context that ends at the first of them. From then on a
// SIGINT ends the program at once, and the others, of which a host may send
// several, do not disturb the saving. A SIGHUP that is ignored already stays so:
// that is what nohup is for.
func untilSignal() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	caught := make(chan os.Signal, 1)
	for _, s := range stops {
		if s != syscall.SIGHUP || !signal.Ignored(s) {
			signal.Notify(caught, s)
		}
	}
	go func() {
		<-caught
		signal.Reset(syscall.SIGINT)
		cancel()
	}()
	return ctx
}
