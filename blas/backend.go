package blas

import (
	"os"
	"sync/atomic"
)

// Backend describes the library behind the products. Results are bit-identical only for
// the same name, version and core, so every record carries them. BitsFollow says what
// else they depend on.
type Backend struct {
	Name    string `json:"name"`    // openblas, cblas, gonum or onednn
	Version string `json:"version"` // the library's
	Core    string `json:"core"`    // kernel name, such as SkylakeX or Haswell
	Threads int    `json:"threads"` // threads one product may use; 0 if the library does not say
	Config  string `json:"-"`       // the library's own description of how it was built
	OpenMP  bool   `json:"-"`       // whether OpenBLAS was built to use OpenMP threads
}

// SetThreads sets how many threads one product may use, for the whole process, without
// changing its bits (parts.go). It does nothing for backends without such a setting.
func SetThreads(n int) {
	if n < 1 {
		panic(badThreads)
	}
	setThreads(n)
}

// threads is how many parts of a product are computed at once.
var threads atomic.Int32

func init() { threads.Store(1) }

const badThreads = "blas: number of threads below 1"

// What the last bits of a training can depend on besides its configuration, its
// precision and the kernel.
const (
	Beside  = "the trials beside it"      // GemmBlocks computes them together, see there
	Threads = "the library's own threads" // which this package does not set
	Chance  = "chance"                    // the library sums in a different order each time
)

// LibraryBits returns what the last bits of all trainings depend on with this library:
// Threads if it spreads products over threads that are not set here, else nothing. MKL,
// BLIS and others read their own variables, an OpenMP build of OpenBLAS
// OMP_NUM_THREADS.
func LibraryBits() []string { return libraryBits(os.Getenv, Current()) }

func libraryBits(getenv func(string) string, b Backend) []string {
	if b.Name == "cblas" || b.OpenMP && getenv("OMP_NUM_THREADS") != "1" {
		return []string{Threads}
	}
	return nil
}
