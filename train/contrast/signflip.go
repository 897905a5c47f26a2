package contrast

import (
	"math"
	"math/rand/v2"
	"slices"
)

// mostExact is up to how many pairs SignFlip tries all signs.
const mostExact = 16

// draws is how many signs it draws at random beyond.
const draws = 99_999

// SignFlip returns the p value of the two-sided test that flips signs: were there no
// effect, each difference could as well have the other sign. It is the share of all 2ⁿ
// choices of signs whose sum is at least as far from 0 as that of the differences (E. S.
// Edgington, Randomization Tests). Of more than 16 pairs a sample of the choices is drawn, the
// same for the same n, and p = (1 + as far) / (1 + drawn), which is never too small
// (Phipson and Smyth 2010).
func SignFlip(diffs []float64) float64 {
	sum, size := 0.0, 0.0
	for _, d := range diffs {
		sum += d
		size += math.Abs(d)
	}
	// Sums of the same numbers in another order are as far, whatever rounding does.
	far := math.Abs(sum) - 1e-12*size
	if len(diffs) <= mostExact {
		return exact(diffs, far)
	}
	random, sums := rand.New(rand.NewPCG(uint64(len(diffs)), 0x7369676e)), sumsOf(diffs)
	count := 1
	for range draws {
		if math.Abs(sums.flipped(random.Uint64)) >= far {
			count++
		}
	}
	return float64(count) / (1 + draws)
}

// exact returns the share of all choices of signs whose sum is so far from 0. Half of
// them is enough: all signs flipped are as far.
func exact(diffs []float64, far float64) float64 {
	choices, sums := uint64(1)<<(len(diffs)-1), sumsOf(diffs)
	count := 0
	for signs := range choices {
		if math.Abs(sums.flipped(func() uint64 { return signs })) >= far {
			count++
		}
	}
	return float64(count) / float64(choices)
}

// sums are the sums of the differences, eight at a time, for each choice of their signs: a
// table is faster than to add them for each of thousands of choices.
type sums [][256]float64

func sumsOf(diffs []float64) sums {
	var all sums
	for eight := range slices.Chunk(diffs, 8) {
		var sum [256]float64
		for signs := range 1 << len(eight) {
			for i, d := range eight {
				if signs>>i&1 == 1 {
					d = -d
				}
				sum[signs] += d
			}
		}
		all = append(all, sum)
	}
	return all
}

// flipped returns the sum of the differences, some with the other sign: those whose bits
// are set in the next word, of which each serves 64.
func (s sums) flipped(next func() uint64) (sum float64) {
	var signs uint64
	for i := range s {
		if i%8 == 0 {
			signs = next()
		}
		sum += s[i][byte(signs)]
		signs >>= 8
	}
	return sum
}

// LeastExact returns the smallest p value that SignFlip can have for n pairs.
func LeastExact(n int) float64 {
	if n > mostExact {
		return 1. / (1 + draws)
	}
	return math.Ldexp(1, 1-n)
}
