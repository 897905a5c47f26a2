//go:build !cgo

package blas

import (
	"runtime"
	"runtime/debug"
)

// Without cgo gonum's own Go code computes: its kernels have no name of their
// own, so the architecture stands for them.
func backend() Backend {
	return Backend{Name: "gonum", Version: gonumVersion(), Core: runtime.GOARCH, Threads: runtime.GOMAXPROCS(0)}
}

func setThreads(int) {}

// gonumVersion is the version of the gonum module in this program.
func gonumVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			if m.Path == "gonum.org/v1/gonum" {
				return m.Version
			}
		}
	}
	return "unknown"
}

// alignsGemm says that a Gemm adds up dot products, which follow from alignment.
const alignsGemm = true
