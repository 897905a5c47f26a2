package blas

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

// HalfDepth returns over how many terms to sum a product of rounded operands where there are n,
// the others being 0: with an engine that has instructions for it a multiple of 32, of which its
// kernels take less time than of fewer terms that are none, else n. Memory that has been made for
// it is for the engine in use.
func HalfDepth(n int) int {
	if engine == nil || !engine.half {
		return n
	}
	return (n + 31) / 32 * 32
}
