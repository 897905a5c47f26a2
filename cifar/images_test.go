package cifar

import (
	"math/rand/v2"
	"testing"

	"bnlab/blas"
)

// noise returns n images of random pixels and labels.
func noise(n int, seed uint64) Set {
	r := rand.New(rand.NewPCG(seed, 0))
	s := newSet(n)
	for i := range s.Pixels {
		s.Pixels[i] = byte(r.Uint32())
	}
	for i := range s.Labels {
		s.Labels[i] = uint8(r.IntN(Classes))
	}
	return s
}

func BenchmarkGather(b *testing.B) {
	b.Run("f32", benchmarkGather[float32])
	b.Run("f64", benchmarkGather[float64])
}

// benchmarkGather gathers 100 of 45000 images in a random order.
func benchmarkGather[T blas.Float](b *testing.B) {
	const n, batch = 45000, 100
	s := newSet(n)
	copy(s.Pixels, noise(1000, 1).Pixels)
	m := NewImages[T](s, Standardize(noise(100, 1)))
	x, labels := blas.New[T](batch, Dim), make([]uint8, batch)
	index := make([]int32, n)
	for i, k := range rand.New(rand.NewPCG(1, 2)).Perm(n) {
		index[i] = int32(k)
	}
	at := 0
	for b.Loop() {
		m.Gather(x, labels, index[at:at+batch])
		at = (at + batch) % n
	}
}

func BenchmarkStandardize(b *testing.B) {
	s := newSet(45000)
	for b.Loop() {
		Standardize(s)
	}
}
