package main

import (
	"runtime"
	"strconv"

	"github.com/urfave/cli/v2"

	"bnlab/blas"
	"bnlab/train"
	"bnlab/train/experiment"
)

// sweepFlags say how many trials train, and how.
func sweepFlags() []cli.Flag {
	return []cli.Flag{
		intFlag("seeds", 1, "trials of each configuration, with seeds from --seed on"),
		intFlag("workers", 0, "cores that train at once; 0 for all this process may use"),
		intFlag("threads", 1, "BLAS threads a worker"),
		textFlag("fuse", "auto", "trials of one shape that a worker trains side by side: auto, off or a number"),
		boolFlag("quiet", "no progress on stderr"),
		jsonFlag(),
	}
}

// sweep is what the flags of a sweep say.
type sweep struct {
	base    train.Config
	seeds   int
	workers int
	fuse    int // nets side by side at most
}

// most keeps a mistyped number from planning for hours.
const (
	maxSeeds   = 100_000
	maxWorkers = 4096
)

// sweepOf reads the flags and sets the threads of BLAS.
func sweepOf(ctx *cli.Context) (s sweep, err error) {
	if s.base, err = configOf(ctx); err != nil {
		return s, err
	}
	if s.seeds = ctx.Int("seeds"); s.seeds < 1 || s.seeds > maxSeeds {
		return s, usagef("--seeds %d: give 1 to %d", s.seeds, maxSeeds)
	}
	if s.workers = ctx.Int("workers"); s.workers < 0 || s.workers > maxWorkers {
		return s, usagef("--workers %d: give 1 to %d, or 0 for all cores", s.workers, maxWorkers)
	}
	threads := ctx.Int("threads")
	if threads < 1 || threads > maxWorkers {
		return s, usagef("--threads %d: give 1 to %d", threads, maxWorkers)
	}
	if s.workers == 0 {
		s.workers = max(1, runtime.GOMAXPROCS(0)/threads)
	}
	blas.SetThreads(threads)
	s.fuse, err = fuseOf(ctx.String("fuse"))
	return s, err
}

func fuseOf(text string) (int, error) {
	switch text {
	case "auto":
		return experiment.MaxFuse, nil
	case "off":
		return 1, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return 0, usagef("--fuse %q: give auto, off or a number of 1 or above", text)
	}
	return n, nil
}
