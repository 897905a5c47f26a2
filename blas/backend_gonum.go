//go:build !cgo

package blas

import (
	"runtime"
	"runtime/debug"
)

// Without cgo gonum's Go code computes: its kernels have no name, so the architecture
// is used instead.
func library() Backend {
	return Backend{Name: "gonum", Version: gonumVersion(), Core: runtime.GOARCH, Threads: Cores()}
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

// alignsGemm says that a Gemm sums dot products, which depend on alignment.
const alignsGemm = true

// inC says that a library in C computes the products.
const inC = false
