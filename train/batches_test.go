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

// rounding is a source of images that it can give rounded.
type rounding struct{ Source[float32] }

func (r rounding) GatherHalf(x blas.Matrix[blas.Half], labels []uint8, index []int32) {
	all := blas.New[float32](x.Rows, x.Cols)
	r.Gather(all, labels, index)
	blas.Round(1, all, x)
}

// TestGivenHalf: mini-batches that the source rounds train like those that the network
// does, where they may be given, and it is where something else looks at them first.
func TestGivenHalf(t *testing.T) {
	for name, change := range map[string]func(*Config){
		"plain": func(*Config) {}, "noise": func(c *Config) { c.Noise = 0.1 }, "input dropout": func(c *Config) { c.InputDropout = 0.1 },
		"landscape": func(c *Config) { c.Landscape, c.LandscapeTo = 5, 1 },
	} {
		c := small()
		c.Precision = BF16
		change(&c)
		data, _ := draw[float32]()
		want := fitOn(t, data, c)
		data.Train = rounding{data.Train}
		got := fitOn(t, data, c)
		if !slices.Equal(got.nets.Network.Params(), want.nets.Network.Params()) {
			t.Errorf("%s: other parameters", name)
		}
		f, err := newFit([]Config{c}, data, Discard, Discard)
		if err != nil {
			t.Fatal(err)
		}
		b := newBatches(data.Train, f.order, c.Augmentation, f.givesHalf(), data.Dim, 0, 1, false)
		if given := b.half != nil; given != (name == "plain") {
			t.Errorf("%s: given rounded: %v", name, given)
		}
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
		b := newBatches(still(batch*perEpoch), newOrder(1, batch*perEpoch, batch), Augmentation{}, false, 4, 0, 1000, ahead)
		step := 0
		allocs := testing.AllocsPerRun(perEpoch-3, func() { b.at(step); step++ })
		b.close()
		if allocs != 0 {
			t.Errorf("ahead %v: %g allocations a batch", ahead, allocs)
		}
	}
}
