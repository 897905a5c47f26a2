package blas

// An engine computes large products in float32 in place of the BLAS, which still does
// the small ones, where an engine's call would cost more than it wins, and all in float64.

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
