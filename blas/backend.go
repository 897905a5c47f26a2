package blas

import (
	"os"
	"sync/atomic"
)

// Backend describes the library behind the products. Results are bit-identical only for
// the same name, version and core, so every record carries them. What else they follow
// from, BitsFollow says.
type Backend struct {
	Name    string `json:"name"`    // openblas, cblas or gonum
	Version string `json:"version"` // the library's
	Core    string `json:"core"`    // kernel name, as SkylakeX or Haswell
	Threads int    `json:"threads"` // threads one product may use; 0 where the library does not tell
	Config  string `json:"-"`       // the library's own description of how it was built
	OpenMP  bool   `json:"-"`       // whether OpenBLAS was built to spread a product by OpenMP
}

// Current returns the backend in use, as it is set now.
func Current() Backend { return backend() }

// SetThreads sets how many threads one product may use, for the whole process, and leaves
// its bits (parts.go). It does nothing for backends without such a setting.
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

// What else than its configuration, its precision and the kernel the last bits of a
// training can follow from.
const (
	Beside  = "the trials beside it"      // GemmBlocks takes them together, see there
	Threads = "the library's own threads" // which nothing here sets
	Chance  = "chance"                    // the library adds up otherwise each time
)

// LibraryBits returns what the last bits of all trainings follow from with this library:
// Threads where it spreads products over threads that are not set here, else nothing.
// MKL, BLIS and others read variables of their own, an OpenMP build of OpenBLAS
// OMP_NUM_THREADS.
func LibraryBits() []string { return libraryBits(os.Getenv, Current()) }

func libraryBits(getenv func(string) string, b Backend) []string {
	if b.Name == "cblas" || b.OpenMP && getenv("OMP_NUM_THREADS") != "1" {
		return []string{Threads}
	}
	return nil
}
