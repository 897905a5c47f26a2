package train

import "math/rand/v2"

// orderStream separates the random numbers of the data order from any others drawn
// from the same seed.
const orderStream = 0x6f72646572

// order visits the images of each epoch in a new random permutation. An epoch's
// permutation depends only on the seed and its number, so a training can resume at any
// step with nothing but that number.
type order struct {
	seed  uint64
	batch int
	index []int32 // the permutation of epoch, 0 … n−1
	epoch int
}

func newOrder(seed uint64, images, batch int) *order {
	return &order{seed: seed, batch: batch, index: make([]int32, images), epoch: -1}
}

// perEpoch returns the number of batches in an epoch. Each has exactly batch images;
// images left over in an epoch wait for another permutation.
func (o *order) perEpoch() int { return len(o.index) / o.batch }

// at returns the images of the mini-batch of update t, counted from 0. The slice
// is valid until at is called for another epoch.
func (o *order) at(t int) []int32 {
	epoch, i := t/o.perEpoch(), t%o.perEpoch()
	if epoch != o.epoch {
		o.shuffle(epoch)
	}
	return o.index[i*o.batch : (i+1)*o.batch]
}

func (o *order) shuffle(epoch int) {
	for i := range o.index {
		o.index[i] = int32(i)
	}
	random := rand.New(rand.NewPCG(o.seed, orderStream+uint64(epoch)))
	random.Shuffle(len(o.index), func(i, j int) { o.index[i], o.index[j] = o.index[j], o.index[i] })
	o.epoch = epoch
}
