package shell

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// stops are the signals that ask the program to save and exit: from Ctrl-C, the host, a
// closing terminal, and Slurm some time before it kills.
var stops = []os.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGUSR1}

// UntilSignal returns a context that ends at the first of them. After that a SIGINT
// ends the program at once, and the others, of which a host may send several, do not
// disturb saving. A SIGHUP that is already ignored stays ignored, for nohup.
func UntilSignal() context.Context {
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

// Grace is how long a program may take to exit after a signal. It exits after a
// training step, which is far shorter; waiting for a pipe may never end.
const Grace = 3 * time.Second

// errBrokenOff is the error of a program that did not exit by itself.
var errBrokenOff = fmt.Errorf("%w in the middle of a long operation; files are intact; to continue: the same command, train with --resume", ErrInterrupted)

// WaitOrExit returns the exit code from end, or that of an interruption if none has
// come within grace after ctx has ended. It waits as long as a checkpoint is being
// saved, however slow the disk; everything else is already on disk, and files appear
// whole or not at all.
func WaitOrExit(ctx context.Context, end <-chan int, grace time.Duration, saving func() bool, stderr io.Writer) int {
	select {
	case code := <-end:
		return code
	case <-ctx.Done():
	}
	for waited := false; ; waited = true {
		select {
		case code := <-end:
			return code
		case <-time.After(grace):
		}
		switch {
		case !saving():
			printError(stderr, wantsJSONErrors(os.Args), errBrokenOff)
			return ExitInterrupted
		case !waited:
			fmt.Fprintln(stderr, "NOTE: interrupted; a slow disk is still writing the checkpoint of the last epoch; Ctrl-C exits without it")
		}
	}
}
