package blas

import "math"

// Half is a number in bfloat16: sign, exponent and first 7 bits of the mantissa of a
// float32, and so its upper 16 bits.
type Half uint16

// Float32 returns the number, which float32 holds exactly.
func (h Half) Float32() float32 { return math.Float32frombits(uint32(h) << 16) }

// ToHalf rounds f to nearest, ties to even. What rounds beyond the largest number becomes
// infinite, and a NaN stays a NaN.
func ToHalf(f float32) Half {
	b := math.Float32bits(f)
	if f != f {
		return Half(b>>16 | 0x40) // a quiet one, or the upper bits could be those of infinity
	}
	return Half((b + 0x7fff + b>>16&1) >> 16)
}
