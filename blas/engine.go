package blas

import "errors"

// An engine computes large products in float32 in place of the BLAS, which still does
// the small ones, where an engine's call would cost more than it wins, and all in float64.

// Names of engines.
const (
	OpenBLAS = "openblas" // the BLAS that is built in alone
	OneDNN   = "onednn"   // oneDNN's matmul primitives
)

// ErrEngine is the error for an engine that this program or this machine does not have.
var ErrEngine = errors.New("no such engine")

// ErrFailed is wrapped by the errors that an engine panics with when it cannot compute a
// product: it has no memory left. Nobody between a product and a program could do anything.
var ErrFailed = errors.New("no memory for a product")

// Failure returns an error that is ErrFailed with which something has panicked, nil for no
// panic, and goes on with any other panic. A deferred function calls it with recover().
func Failure(panicked any) error {
	err, ok := panicked.(error)
	if panicked != nil && (!ok || !errors.Is(err, ErrFailed)) {
		panic(panicked)
	}
	return err
}

// engine is nil for the library alone. It has a type, not an interface, so that no product
// allocates. Its method gemm computes a product, or returns false for one that is left to the
// library: always or never, for a form and the strides of its matrices.
var engine *oneDNN

// Current returns the backend in use, with its current settings.
func Current() Backend {
	if engine == nil {
		return library()
	}
	return engine.describe(library())
}

// CurrentOf returns the backend that computes in T: Current in float32, the library alone in
// float64.
func CurrentOf[T Float]() Backend {
	if Bits[T]() == 64 {
		return library()
	}
	return Current()
}

// worthEngine is the smallest product, in operations, that an engine computes; tests want
// all.
var worthEngine = float64(1 << 20)
