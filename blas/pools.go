package blas

import "sync"

// pools hold reusable values, separately for float32 and float64.
type pools [2]sync.Pool

func poolOf[T Float](p *pools) *sync.Pool { return &p[Bits[T]()/64] }
