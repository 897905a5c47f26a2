package blas

import "errors"

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
