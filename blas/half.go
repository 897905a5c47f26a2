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

// Round computes h ← alpha·x, rounded to bfloat16 by way of float32; both are n×d.
func Round[T Float](alpha T, x Matrix[T], h Matrix[Half]) {
	if !sameShape(x, h) {
		panic(badShape)
	}
	if !empty(x) {
		note(Call{Name: "Round", M: x.Rows, N: x.Cols})
		of[T]().round(alpha, x, h)
	}
}

func (goKernels[T]) round(alpha T, x Matrix[T], h Matrix[Half]) {
	for i := range x.Rows {
		to := h.Row(i)
		for j, v := range x.Row(i) {
			to[j] = ToHalf(float32(T(alpha * v)))
		}
	}
}

func (goKernels[T]) widen(h Matrix[Half], x Matrix[T]) {
	for i := range h.Rows {
		to := x.Row(i)
		for j, v := range h.Row(i) {
			to[j] = T(v.Float32())
		}
	}
}

// widened returns the numbers of h, and the buffer to release after use.
func widened[T Float](h Matrix[Half]) (Matrix[T], *[]T) {
	room := borrow[T](h.Rows * h.Cols)
	x := Of(h.Rows, h.Cols, (*room)[:h.Rows*h.Cols])
	of[T]().widen(h, x)
	return x, room
}

// GemmHalf is Gemm of operands in bfloat16, with alpha = 1. Products of two such numbers
// are exact in float32, and are summed in T. An engine with instructions for this may take
// subnormal numbers for 0, and sums as it likes; without one the operands are widened, and
// the product is that of Gemm.
func GemmHalf[T Float](ta, tb Transpose, a, b Matrix[Half], beta T, c Matrix[T]) {
	p := product[T]{ta, tb, 1, beta, rounded[T](a), rounded[T](b), c}
	p.compute()
}

// GemmBlocksHalf is GemmBlocks of operands in bfloat16.
func GemmBlocksHalf[T Float](blocks int, tb Transpose, a, b Matrix[Half], beta T, c Matrix[T]) (alone bool) {
	p := product[T]{NoTrans, tb, 1, beta, rounded[T](a), rounded[T](b), c}
	return p.computeBlocks(blocks)
}
