package train

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestOrder: every epoch has as many full batches as possible, no image twice, and
// every image once if the batches divide the set evenly.
func TestOrder(t *testing.T) {
	for _, c := range []struct{ images, batch, perEpoch int }{
		{45000, 100, 450}, {60, 10, 6}, {65, 10, 6}, {10, 10, 1}, {19, 10, 1}, {5, 1, 5},
	} {
		t.Run(fmt.Sprint(c.images, "/", c.batch), func(t *testing.T) {
			o := newOrder(1, c.images, c.batch)
			if o.perEpoch() != c.perEpoch {
				t.Fatalf("%d batches an epoch, want %d", o.perEpoch(), c.perEpoch)
			}
			for epoch := range 3 {
				seen := make([]bool, c.images)
				for i := range c.perEpoch {
					batch := o.at(epoch*c.perEpoch + i)
					if len(batch) != c.batch {
						t.Fatalf("a batch of %d images, want %d", len(batch), c.batch)
					}
					for _, image := range batch {
						if seen[image] {
							t.Fatalf("epoch %d: image %d twice", epoch, image)
						}
						seen[image] = true
					}
				}
			}
		})
	}
}

// epochOf returns the images of an epoch in their order.
func epochOf(o *order, epoch int) (all []int32) {
	for i := range o.perEpoch() {
		all = append(all, o.at(epoch*o.perEpoch()+i)...)
	}
	return all
}

// TestOrderShuffles: each epoch and each seed has its own permutation, none is the
// order of the file, and what one epoch leaves out another uses.
func TestOrderShuffles(t *testing.T) {
	seen := map[string]string{fmt.Sprint(epochOf(&order{index: sorted(65), batch: 10}, 0)): "the file"}
	dealt := make([]bool, 65)
	for _, seed := range []uint64{1, 2, 3} {
		for epoch := range 20 {
			images := epochOf(newOrder(seed, 65, 10), epoch)
			this, key := fmt.Sprintf("seed %d, epoch %d", seed, epoch), fmt.Sprint(images)
			if other, ok := seen[key]; ok {
				t.Errorf("%s has the order of %s", this, other)
			}
			seen[key] = this
			for _, i := range images {
				dealt[i] = true
			}
		}
	}
	if slices.Contains(dealt, false) {
		t.Error("an image is never dealt")
	}
}

func sorted(n int) []int32 {
	index := make([]int32, n)
	for i := range index {
		index[i] = int32(i)
	}
	return index
}

// TestOrderRandomAccess: a mini-batch depends on seed and number alone, not on
// what was asked for before, so that a training can continue anywhere.
func TestOrderRandomAccess(t *testing.T) {
	const steps = 60
	var sequence [steps][]int32
	o := newOrder(9, 65, 10)
	for i := range sequence {
		sequence[i] = slices.Clone(o.at(i))
	}
	rapid.Check(t, func(t *rapid.T) {
		o := newOrder(9, 65, 10)
		for _, i := range rapid.SliceOf(rapid.IntRange(0, steps-1)).Draw(t, "steps") {
			if !slices.Equal(o.at(i), sequence[i]) {
				t.Fatalf("update %d: %v, in sequence %v", i, o.at(i), sequence[i])
			}
		}
	})
}
