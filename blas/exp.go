package blas

import "math"

// exponential holds the constants for exp in one precision, like exp.h for C;
// kernels_body.h explains the method.
type exponential[T Float] struct {
	log2e     T   // 1/ln 2
	rounds    T   // 1.5 times the smallest number above which there are no fractions
	high, low T   // ln 2 = high + low
	least     T   // below it, exp is 0
	terms     []T // 1/i!
	powerOf2  func(rounded T) T
}

var (
	exp32 = exponential[float32]{
		log2e: 0x1.715476p+0, rounds: 0x1.8p23, high: 0x1.63p-1, low: -0x1.bd0106p-13, least: -87,
		terms:    []float32{1, 1, 1. / 2, 1. / 6, 1. / 24, 1. / 120, 1. / 720, 1. / 5040},
		powerOf2: func(rounded float32) float32 { return math.Float32frombits((math.Float32bits(rounded) + 127) << 23) },
	}
	exp64 = exponential[float64]{
		log2e: 0x1.71547652b82fep+0, rounds: 0x1.8p52, high: 0x1.62e42feep-1, low: 0x1.a39ef35793c76p-33, least: -708,
		terms: []float64{1, 1, 1. / 2, 1. / 6, 1. / 24, 1. / 120, 1. / 720, 1. / 5040, 1. / 40320,
			1. / 362880, 1. / 3628800, 1. / 39916800, 1. / 479001600, 1. / 6227020800},
		powerOf2: func(rounded float64) float64 { return math.Float64frombits((math.Float64bits(rounded) + 1023) << 52) },
	}
)

// exponentialOf returns the constants for T.
func exponentialOf[T Float]() *exponential[T] {
	var e any = &exp64
	if Bits[T]() == 32 {
		e = &exp32
	}
	return e.(*exponential[T])
}

// exp returns eˣ for x ≤ 0, within two units in the last place.
func (e *exponential[T]) exp(x T) T {
	if x < e.least {
		return 0
	}
	r, power := e.reduce(x)
	sum := e.terms[len(e.terms)-1]
	for i := len(e.terms) - 2; i >= 0; i-- {
		sum = T(sum*r) + e.terms[i]
	}
	return sum * power
}

// expm1 returns eˣ − 1 for x ≤ 0, without losing digits near 0.
func (e *exponential[T]) expm1(x T) T {
	if x < e.least {
		return -1
	}
	r, power := e.reduce(x)
	sum := e.terms[len(e.terms)-1]
	for i := len(e.terms) - 2; i >= 1; i-- {
		sum = T(sum*r) + e.terms[i]
	}
	return T(power*T(sum*r)) + (power - 1)
}

// reduce returns the r and the 2^k with which eˣ is 2^k·eʳ.
func (e *exponential[T]) reduce(x T) (r, power T) {
	rounded := T(x*e.log2e) + e.rounds
	k := rounded - e.rounds
	return x - T(k*e.high) - T(k*e.low), e.powerOf2(rounded)
}
