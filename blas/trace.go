package blas

// Call describes one call of a product or a pass.
type Call struct {
	Name   string    // as the function that was called
	TA, TB Transpose // of a Gemm
	M, N   int       // rows and columns of the result, or of what a pass goes over
	K      int       // length of the sums of a product, 0 for a pass
}

// Flops returns the floating point operations of a product: a multiplication and
// an addition for each term. It is 0 for a pass.
func (c Call) Flops() float64 { return 2 * float64(c.M) * float64(c.N) * float64(c.K) }

// trace is told of every call; nil most of the time.
var trace func(Call)

// Trace runs run and calls f for each of its calls to a product or a pass. It tells
// what a training step costs in calls and operations, without a clock. Nothing else
// may use the package meanwhile.
func Trace(f func(Call), run func()) {
	trace = f
	defer func() { trace = nil }()
	run()
}

// note tells of a call, where anybody listens.
func note(c Call) {
	if trace != nil {
		trace(c)
	}
}
