//go:build cgo && cblas

package blas

// With the tag cblas the library is whatever CGO_LDFLAGS names. A CBLAS has no
// call that tells what it is or sets its threads: its own environment variables
// do (MKL_NUM_THREADS, BLIS_NUM_THREADS, …).
func backend() Backend {
	return Backend{Name: "cblas", Version: "unknown", Core: "unknown"}
}

func setThreads(int) {}
