package blas

// CutsSums reports whether a product of these sizes, on that many threads, is divided
// along its sums.
func CutsSums[T Float](m, n, k, threads int) bool {
	return partitionOf[T](form{bits: Bits[T](), ta: NoTrans, tb: Trans, m: m, n: n, k: k, one: true}, threads).sums != nil
}
