//go:build cgo && !cblas

package blas

/*
#cgo pkg-config: openblas

// Declared here instead of included: the name of the header differs between
// distributions, these four functions do not.
void openblas_set_num_threads(int);
char *openblas_get_corename(void);
char *openblas_get_config(void);
int openblas_get_parallel(void);
*/
import "C"

import "strings"

// library asks OpenBLAS. Its configuration line reads
// "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH NO_AFFINITY Haswell MAX_THREADS=64".
func library() Backend {
	config := C.GoString(C.openblas_get_config())
	version := ""
	if f := strings.Fields(config); len(f) > 1 && f[0] == "OpenBLAS" {
		version = f[1]
	}
	return Backend{
		Name:    "openblas",
		Version: version,
		Core:    C.GoString(C.openblas_get_corename()),
		Threads: int(threads.Load()),
		Config:  config,
		OpenMP:  C.openblas_get_parallel() == 2,
	}
}

// OpenBLAS itself computes in one thread (parts.go).
func init() { C.openblas_set_num_threads(1) }

func setThreads(n int) { threads.Store(int32(n)) }
