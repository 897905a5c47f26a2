//go:build cgo

package blas

import (
	"gonum.org/v1/gonum/blas/blas32"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/netlib/blas/netlib"
)

// gonum/netlib sets no linker flags: openblas.go or cblas.go beside this file links the
// library.
func init() {
	blas32.Use(netlib.Implementation{})
	blas64.Use(netlib.Implementation{})
}

// alignsGemm: a Gemm packs its operands before it sums.
const alignsGemm = false

// inC says that a library in C computes the products.
const inC = true
