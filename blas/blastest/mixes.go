package blastest

import (
	"slices"

	"bnlab/blas"
)

// Mixes reports whether float32 trainings side by side may differ from those alone in the
// last bits, with the kernels of this CPU: then no test may compare these. It must not run
// beside what chooses another engine.
func Mixes() bool { return slices.Contains(blas.BitsFollow[float32](false), blas.Beside) }
