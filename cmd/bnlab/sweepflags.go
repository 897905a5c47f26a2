package main

import (
	"github.com/urfave/cli/v2"

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
		tensorboardFlag("each trial into a folder of its own in `DIR`"),
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

// maxCount is the most that can be asked for, so that a mistyped number does not
// plan for hours.
const maxCount = 100_000

// countFlag reads a flag that counts something to train.
func countFlag(ctx *cli.Context, name string) (int, error) {
	n := ctx.Int(name)
	if n < 1 || n > maxCount {
		return 0, usagef("--%s %d: give 1 to %d", name, n, maxCount)
	}
	return n, nil
}

// sweepOf reads the flags, the number of workers by workersOf or anyWorkers.
func sweepOf(ctx *cli.Context, workers func(*cli.Context) (int, error)) (s sweep, err error) {
	if s.base, err = configOf(ctx); err != nil {
		return s, err
	}
	if s.seeds, err = countFlag(ctx, "seeds"); err != nil {
		return s, err
	}
	if s.workers, err = workers(ctx); err != nil {
		return s, err
	}
	s.fuse, err = fuseOf(ctx.String("fuse"))
	return s, err
}

// maxFuse is the most nets side by side that can be asked for: beyond sixteen
// they gain nothing, and each costs memory.
const maxFuse = 1024

func fuseOf(text string) (int, error) {
	switch text {
	case "auto":
		return experiment.MaxFuse, nil
	case "off":
		return 1, nil
	}
	n, err := parseInt(text)
	if err != nil || n < 1 || n > maxFuse {
		return 0, usagef("--fuse %q: give auto, off or a number from 1 to %d", text, maxFuse)
	}
	return n, nil
}
