package experiment

import (
	"bytes"
	"runtime/debug"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bnlab/blas"
)

// TestRunAhead: workers gather ahead where the cores are enough for all of them
// and their products, counting only those that have work; the outcomes are the same.
func TestRunAhead(t *testing.T) {
	threads := max(1, blas.Current().Threads)
	plan := planOf(seeded("g", small(), 4), 2) // two units
	want := timeless(runAll(t, runner(t, nil), plan))
	for _, v := range []struct {
		workers, cores int
		ahead          bool
	}{
		{1, threads, false}, {1, threads + 1, true},
		{2, 2*threads + 1, false}, {2, 2 * (threads + 1), true},
		{8, 2 * (threads + 1), true},
	} {
		var ahead atomic.Bool
		r := runner(t, nil)
		r.Workers, r.Cores = v.workers, v.cores
		r.Data = sets{onTrain: func() {
			if bytes.Contains(debug.Stack(), []byte("newBatches")) { // on a goroutine of its own
				ahead.Store(true)
			}
		}}.data()
		got := timeless(runAll(t, r, plan))
		if ahead.Load() != v.ahead {
			t.Errorf("%d workers, %d threads each, %d cores: ahead %v", v.workers, threads, v.cores, ahead.Load())
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%d cores (-want +got):\n%s", v.cores, diff)
		}
	}
}
