package blas

import (
	"runtime"
	"sync/atomic"
)

// SetThreads sets how many threads one product or pass may use, for the whole process, without
// changing its bits (parts.go). It does nothing for backends without such a setting.
//
// With a library in C it also has Go use one processor more (GOMAXPROCS) than Cores. Where
// none is idle Go's monitor takes those of goroutines in C away after 20 µs, and wakes threads
// that find nothing to do, on the cores of those that compute.
func SetThreads(n int) {
	if n < 1 {
		panic(badThreads)
	}
	setThreads(n)
	if cores := Cores(); inC && runtime.GOMAXPROCS(0) == cores {
		spare.Store(int32(cores + 1))
		runtime.GOMAXPROCS(cores + 1)
	}
}

// spare is GOMAXPROCS where that counts a processor that no core is for, else 0.
var spare atomic.Int32

// Cores returns how many cores this process may use: GOMAXPROCS without the one that
// SetThreads has added.
func Cores() int {
	n := runtime.GOMAXPROCS(0)
	if n == int(spare.Load()) {
		n--
	}
	return n
}

// threads is how many parts of a product are computed at once.
var threads atomic.Int32

func init() { threads.Store(1) }

const badThreads = "blas: number of threads below 1"
