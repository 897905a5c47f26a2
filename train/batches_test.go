package train

import (
	"slices"
	"testing"
)

// TestAhead holds a training whose mini-batches are gathered ahead against one
// that gathers them when it needs them, bit for bit.
func TestAhead(t *testing.T) {
	c := small()
	data, _ := draw[float64]()
	var params [][]float64
	for _, data.Ahead = range []bool{false, true} {
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

// TestBatchesAllocate says that handing out a mini-batch allocates nothing.
func TestBatchesAllocate(t *testing.T) {
	data, _ := draw[float64]()
	c := small()
	for _, ahead := range []bool{false, true} {
		b := newBatches(data.Train, newOrder(1, data.Train.Len(), c.Batch), dim, 1000, ahead)
		step := 0
		quiet := testing.AllocsPerRun(2, func() {}) // warm up
		perEpoch := b.order.perEpoch()
		allocs := testing.AllocsPerRun(perEpoch-2, func() { b.at(step); step++ })
		b.close()
		if allocs > quiet+1 { // the log of readings grows, and a shuffle makes a generator
			t.Errorf("ahead %v: %g allocations a batch", ahead, allocs)
		}
	}
}
