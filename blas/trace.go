package blas

// Call describes one call of a product or a pass.
type Call struct {
	Name   string    // of the function called
	TA, TB Transpose // of a Gemm
	M, N   int       // rows and columns of the result, or of what a pass goes over
	K      int       // length of the sums of a product, 0 for a pass
	Half   bool      // a product of operands in bfloat16
}

// Flops returns the floating point operations of a product: a multiplication and
// an addition for each term, those of HalfDepth too. It is 0 for a pass.
func (c Call) Flops() float64 { return 2 * float64(c.M) * float64(c.N) * float64(c.K) }

// trace is called for every call; usually nil.
var trace func(Call)

// Trace runs run and calls f for each of its calls to a product or a pass, to measure
// the cost of a training step in calls and operations, without a clock. Nothing else
// may use the package meanwhile.
func Trace(f func(Call), run func()) {
	trace = f
	defer func() { trace = nil }()
	run()
}

// note passes a call to trace, if set.
func note(c Call) {
	if trace != nil {
		trace(c)
	}
}
