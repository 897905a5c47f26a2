package model

import "math"

// Bits returns number i of the random ones that follow from key: 64 bits.
func Bits(key, i uint64) uint64 { return splitMix(key + i) }

// Uniform returns number i, uniform in [0, 1).
func Uniform(key, i uint64) float64 { return float64(Bits(key, i)>>11) * 0x1p-53 }

// Gaussian returns a number of N(0, 1), nearly, from the lower 24 of random bits: the sum of two
// quantiles, drawn by 12 bits each, which is faster than a logarithm and a cosine. Its mean is
// 0, its variance 1, and it is at most 5.2.
func Gaussian(bits uint64) float64 {
	q := &quantiles
	return (q[bits&(numQuantiles-1)] + q[bits>>12&(numQuantiles-1)]) / math.Sqrt2
}

const numQuantiles = 1 << 12

// quantiles are those of N(0, 1), in the middle of each of numQuantiles equal parts of the
// probability, scaled to a variance of 1.
var quantiles = func() (q [numQuantiles]float64) {
	square := 0.0
	for i := range q {
		q[i] = math.Sqrt2 * math.Erfinv(2*(float64(i)+0.5)/numQuantiles-1)
		square += q[i] * q[i] / numQuantiles
	}
	for i := range q {
		q[i] /= math.Sqrt(square)
	}
	return q
}()
