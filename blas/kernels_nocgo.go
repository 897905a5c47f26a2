//go:build !cgo

package blas

type (
	kernels32 = goKernels[float32]
	kernels64 = goKernels[float64]
)
