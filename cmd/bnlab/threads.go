package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"

	"github.com/urfave/cli/v2"
	"go.uber.org/automaxprocs/maxprocs"

	"bnlab/blas"
	"bnlab/train"
	"bnlab/train/checkpoint"
	"bnlab/train/disk"
	"bnlab/train/message"
)

// maxWorkers is the most cores that can be asked for.
const maxWorkers = 4096

// cores returns how many cores this process may use, once takeCores was called.
func cores() int { return runtime.GOMAXPROCS(0) }

// takeCores has Go use as many cores as the CPU affinity, the quota of the control
// group and GOMAXPROCS leave, for good. Go by itself rounds a quota up, and to 2 at
// least, and takes any GOMAXPROCS.
func takeCores() {
	asked := runtime.GOMAXPROCS(0)
	if value, ok := os.LookupEnv("GOMAXPROCS"); ok { // which maxprocs would let stand
		os.Unsetenv("GOMAXPROCS")
		defer os.Setenv("GOMAXPROCS", value)
	}
	maxprocs.Set() // an error is a quota that cannot be read: as if there were none
	runtime.GOMAXPROCS(min(asked, runtime.GOMAXPROCS(0), runtime.NumCPU()))
}

// fastThreads is how many threads make the products of one training fastest, as
// far as that was measured: docs/performance.md.
const fastThreads = 2

// trainThreads reads the --threads of the training of c, which is to be saved to a
// file or not, and sets the threads of BLAS. 0 stands for fastThreads, or for as many as the training to resume has
// had: with others its checkpoint would be of no use.
func trainThreads(ctx *cli.Context, c train.Config, save disk.Output) (int, error) {
	threads := ctx.Int("threads")
	if threads == 0 {
		threads = min(fastThreads, cores())
		if ctx.Bool("resume") {
			had := checkpoint.Beside(save.File).Backend([]train.Config{c}).Threads
			if had > 0 && had <= cores() {
				threads = had
			}
		}
	}
	return setThreads(ctx, threads)
}

// setThreads sets the threads of BLAS, no more than there are cores, and returns
// how many.
func setThreads(ctx *cli.Context, threads int) (int, error) {
	if threads < 1 || threads > maxWorkers {
		return 0, usagef("--threads %d: give 1 to %d", threads, maxWorkers)
	}
	if most := cores(); threads > most {
		fmt.Fprintf(ctx.App.ErrWriter, "--threads %d: this process may use %s, so --threads %d\n", threads, message.Count(most, "core"), most)
		threads = most
	}
	blas.SetThreads(threads)
	return threads, nil
}

// askedWorkers reads --threads and --workers, 0 for most: as many as leave a core
// of this host to each thread.
func askedWorkers(ctx *cli.Context) (workers, most int, err error) {
	workers = ctx.Int("workers")
	if workers < 0 || workers > maxWorkers {
		return 0, 0, usagef("--workers %d: give 1 to %d, or 0 for all cores", workers, maxWorkers)
	}
	threads, err := setThreads(ctx, ctx.Int("threads"))
	if err != nil {
		return 0, 0, err
	}
	most = max(1, cores()/threads)
	if workers == 0 {
		workers = most
	}
	return workers, most, nil
}

// anyWorkers returns for how many workers, here or elsewhere, to plan.
func anyWorkers(ctx *cli.Context) (int, error) {
	workers, _, err := askedWorkers(ctx)
	return workers, err
}

// workersOf returns how many workers shall train here. More than most would take
// turns on the same cores, and wait for each other.
func workersOf(ctx *cli.Context) (int, error) {
	workers, most, err := askedWorkers(ctx)
	if workers > most {
		fmt.Fprintf(ctx.App.ErrWriter, "--workers %d: this process may use %s, so --workers %d with --threads %d\n",
			workers, message.Count(cores(), "core"), most, min(ctx.Int("threads"), cores()))
		workers = most
	}
	return workers, err
}

// sameThreads sets the threads of BLAS to those that trained the network, as far
// as there are cores: an evaluation then repeats to the bit what the training
// printed.
func sameThreads(m *modelFile) {
	var b blas.Backend
	if json.Unmarshal([]byte(m.Metadata[keyBackend]), &b) != nil {
		b.Threads = 1 // a file of another program
	}
	blas.SetThreads(min(max(1, b.Threads), cores()))
}
