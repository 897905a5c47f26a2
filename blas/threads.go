package blas

import "sync/atomic"

// SetThreads sets how many threads one product may use, for the whole process, without
// changing its bits (parts.go). It does nothing for backends without such a setting.
func SetThreads(n int) {
	if n < 1 {
		panic(badThreads)
	}
	setThreads(n)
}

// threads is how many parts of a product are computed at once.
var threads atomic.Int32

func init() { threads.Store(1) }

const badThreads = "blas: number of threads below 1"
