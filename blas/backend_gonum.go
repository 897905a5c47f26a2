//go:build !cgo

package blas

import "runtime"

// Without cgo gonum's own Go code computes: its kernels have no name of their
// own, so the architecture stands for them.
func backend() Backend {
	return Backend{Name: "gonum", Version: gonumVersion(), Core: runtime.GOARCH, Threads: runtime.GOMAXPROCS(0)}
}

func setThreads(int) {}
