package machine

import (
	"fmt"
	"os"
	"runtime"

	"go.uber.org/automaxprocs/maxprocs"

	"bnlab/blas"
	"bnlab/train/message"
)

// MaxWorkers is the most cores that can be asked for.
const MaxWorkers = 4096

// Cores returns how many cores this process may use, once SetGOMAXPROCS was called.
func Cores() int { return runtime.GOMAXPROCS(0) }

// SetGOMAXPROCS has Go use as many cores as the CPU affinity, the quota of the control
// group and GOMAXPROCS leave, for good. Go by itself rounds a quota up, and to 2 at
// least, and takes any GOMAXPROCS.
func SetGOMAXPROCS() {
	asked := runtime.GOMAXPROCS(0)
	if value, ok := os.LookupEnv("GOMAXPROCS"); ok { // which maxprocs would let stand
		os.Unsetenv("GOMAXPROCS")
		defer os.Setenv("GOMAXPROCS", value)
	}
	maxprocs.Set() // an error is a quota that cannot be read: as if there were none
	runtime.GOMAXPROCS(min(asked, runtime.GOMAXPROCS(0), runtime.NumCPU()))
}

// FastThreads is how many threads make the products of one training fastest, as
// far as that was measured: docs/performance.md.
const FastThreads = 2

// SetThreads sets the threads of BLAS, no more than there are cores, and returns how
// many. Where there are fewer cores, tell is told so.
func SetThreads(threads int, tell func(string)) int {
	if most := Cores(); threads > most {
		tell(fmt.Sprintf("--threads %d: this process may use %s, so --threads %d", threads, message.Count(most, "core"), most))
		threads = most
	}
	blas.SetThreads(threads)
	return threads
}

// Workers returns for how many workers there is a core to each thread, if asked is 0,
// or else asked. Where they train here, and not on other hosts too, it is no more than
// there are cores for: others would wait for each other; then tell is told so.
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
