package model

import "bnlab/blas"

// reluForward computes x ← max(0, x) in place. A NaN stays a NaN, so that a
// diverged net shows.
func reluForward[T blas.Float](x blas.Matrix[T]) { blas.ReLU(x) }

// reluBackward clears the elements of d where x, the output of reluForward, is
// not positive: ∂ max(0, s)/∂s is 1 for s > 0, else 0.
func reluBackward[T blas.Float](x, d blas.Matrix[T]) { blas.ReLUMask(x, d) }
