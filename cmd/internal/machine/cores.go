package machine

import (
	"fmt"
	"os"
	"runtime"

	"go.uber.org/automaxprocs/maxprocs"

	"bnlab/blas"
	"bnlab/train/message"
)

// MaxWorkers is the maximum number of workers.
const MaxWorkers = 4096

// Cores returns how many cores this process may use, after SetGOMAXPROCS.
func Cores() int { return blas.Cores() }

// SetGOMAXPROCS makes Go use as many cores as the CPU affinity, the quota of the
// control group and GOMAXPROCS allow, permanently. By default Go rounds a quota up, to
// at least 2, and accepts any GOMAXPROCS.
func SetGOMAXPROCS() {
	asked := Cores()
	if value, ok := os.LookupEnv("GOMAXPROCS"); ok { // which maxprocs would not change
		os.Unsetenv("GOMAXPROCS")
		defer os.Setenv("GOMAXPROCS", value)
	}
	maxprocs.Set() // an error is a quota that cannot be read: treated as none
	blas.SetCores(min(asked, runtime.GOMAXPROCS(0), runtime.NumCPU()))
}

// FastThreads is the number of threads with which the products of one training are
// fastest, as far as measured: docs/performance.md.
const FastThreads = 2

// SetThreads sets the BLAS threads, at most as many as cores, and returns the number.
// If there are fewer cores, it calls tell.
func SetThreads(threads int, tell func(string)) int {
	if most := Cores(); threads > most {
		tell(fmt.Sprintf("--threads %d: this process may use %s, so --threads %d", threads, message.Count(most, "core"), most))
		threads = most
	}
	blas.SetThreads(threads)
	return threads
}

// Workers returns asked, or, if that is 0, for how many workers there is one core per
// thread. If they train only on this host, that is also the maximum, since more would
// wait for each other; if it is exceeded, it calls tell.
func Workers(asked, threads int, here bool, tell func(string)) int {
	most := max(1, Cores()/threads)
	switch {
	case asked == 0:
		return most
	case asked > most && here:
		tell(fmt.Sprintf("--workers %d: this process may use %s, so --workers %d with --threads %d", asked, message.Count(Cores(), "core"), most, threads))
		return most
	}
	return asked
}
