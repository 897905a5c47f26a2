package model

import "bnlab/blas"

// drop applies dropout to the units of hidden layer l, after their activation, or to their
// gradient, each net with its own probability and seed. A mask follows from seed, update,
// layer, unit and image of the mini-batch, and from nothing that would have to be kept.
func (net *Network[T]) drop(l int, m blas.Matrix[T]) {
	for k := range net.Spec.Nets {
		if e := net.Spec.each(k); e.Dropout > 0 {
			blas.Dropout(MaskKey(e.Seed, net.updates, l), e.Dropout, net.layers[l].outOf(m, k))
		}
	}
}

// InputMask is the place of a mask of the images of a mini-batch.
const InputMask = -1

// MaskKey returns the key of a mask in the update of that number, from 0, for the units of
// hidden layer place, counted from 0, or InputMask. It is the generator SplitMix64 (Steele
// et al. 2014), started from each number in turn.
func MaskKey(seed uint64, update int64, place int) uint64 {
	key := splitMix(seed)
	key = splitMix(key + uint64(update))
	return splitMix(key + uint64(place))
}

func splitMix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
