package blas

import (
	"runtime"
	"sync/atomic"
)

// SetThreads sets how many threads one product or pass may use, for the whole process, without
// changing its bits (parts.go). It does nothing for backends without such a setting.
func SetThreads(n int) {
	if n < 1 {
		panic(badThreads)
	}
	setThreads(n)
}

// SetCores has this process use n cores, and returns how many it used before.
//
// With a library in C that is a processor less than Go has (GOMAXPROCS). Where none is idle
// Go's monitor takes those of goroutines in C away after 20 µs, and wakes threads that find
// nothing to do, on the cores of those that compute.
func SetCores(n int) (before int) {
	before = Cores()
	if inC {
		n++
		spare.Store(int32(n))
	}
	runtime.GOMAXPROCS(n)
	return before
}

// Cores returns how many cores this process uses: GOMAXPROCS, but for what SetCores has added.
func Cores() int {
	n := runtime.GOMAXPROCS(0)
	if n == int(spare.Load()) {
		n--
	}
	return n
}

// spare is what SetCores has set GOMAXPROCS to, if that counts a processor for no core.
var spare atomic.Int32

// threads is how many parts of a product are computed at once.
var threads atomic.Int32

func init() { threads.Store(1) }

const badThreads = "blas: number of threads below 1"
