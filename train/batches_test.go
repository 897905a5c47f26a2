package train

import (
	"slices"
	"testing"

	"bnlab/blas"
)

// TestAhead compares a training with prefetched mini-batches with one without, bit for
// bit.
func TestAhead(t *testing.T) {
	c := small()
	data, _ := draw[float64]()
	var params [][]float64
	for _, data.Prefetch = range []bool{false, true} {
		_, nets, err := Fit(t.Context(), []Config{c}, data, Discard)
		if err != nil {
			t.Fatal(err)
		}
		params = append(params, nets.Network.Params())
	}
	if !slices.Equal(params[0], params[1]) {
		t.Error("gathering ahead changes the parameters")
	}
}

// still is a Source whose Gather does nothing.
type still int

func (s still) Len() int                                    { return int(s) }
func (still) Gather(blas.Matrix[float64], []uint8, []int32) {}

// TestBatchesAllocate says that handing out a mini-batch allocates nothing within
// an epoch; a shuffle makes a generator.
func TestBatchesAllocate(t *testing.T) {
	const batch, perEpoch = 10, 50
	for _, ahead := range []bool{false, true} {
		b := newBatches(still(batch*perEpoch), newOrder(1, batch*perEpoch, batch), Augmentation{}, 4, 0, 1000, ahead)
		step := 0
		allocs := testing.AllocsPerRun(perEpoch-3, func() { b.at(step); step++ })
		b.close()
		if allocs != 0 {
			t.Errorf("ahead %v: %g allocations a batch", ahead, allocs)
		}
	}
}
