//go:build cgo && cblas

package blas

// With the tag cblas the library is whatever CGO_LDFLAGS names. A CBLAS has no call to
// identify itself or to set its threads; its environment variables set them
// (MKL_NUM_THREADS, BLIS_NUM_THREADS, …).
func library() Backend {
	return Backend{Name: "cblas", Version: "unknown", Core: "unknown"}
}

func setThreads(int) {}
