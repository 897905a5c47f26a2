package model

import "bnlab/blas"

// reluForward computes x ← max(0, x) in place. A NaN stays a NaN, so that a
// diverged net shows.
func reluForward[T blas.Float](x blas.Matrix[T]) {
	for i := range x.Rows {
		row := x.Row(i)
		for j, v := range row {
			row[j] = max(v, 0)
		}
	}
}

// reluBackward clears the elements of d where x, the output of reluForward, is
// not positive: ∂ max(0, s)/∂s is 1 for s > 0, else 0.
func reluBackward[T blas.Float](x, d blas.Matrix[T]) {
	for i := range d.Rows {
		row, out := d.Row(i), x.Row(i)
		for j, v := range out {
			if !(v > 0) {
				row[j] = 0
			}
		}
	}
}
