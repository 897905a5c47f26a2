package blas

import "slices"

// Activation is a function f between two layers. Each is computed with its derivative,
// here and, in the same order with the same roundings, in activation.h.
type Activation int

// The activations, in the order of activation.h.
const (
	ReLUActivation Activation = iota // max(0, x)
	leakyActivation
	geluActivation
	tanhActivation
	sigmoidActivation
)

var activationNames = []string{"relu", "leaky", "gelu", "tanh", "sigmoid"}

// ActivationNamed returns the activation of that name, false where there is none.
func ActivationNamed(name string) (Activation, bool) {
	i := slices.Index(activationNames, name)
	return Activation(max(i, 0)), i >= 0
}

// Kinked reports whether the derivative jumps at 0.
func (f Activation) Kinked() bool { return f == ReLUActivation || f == leakyActivation }

// Activate computes slope ← f′(s) and s ← f(s), both d×n. A NaN stays a NaN.
func Activate[T Float](f Activation, s, slope Matrix[T]) {
	if !sameShape(s, slope) {
		panic(badShape)
	}
	if !empty(s) {
		note(Call{Name: "Activate", M: s.Rows, N: s.Cols})
		over[T](s.Rows, s.Cols).activate(int(f), s, slope)
	}
}

func (goKernels[T]) activate(f int, s, slope Matrix[T]) {
	at := []func(T) (T, T){reluAt[T], leakyAt[T], geluAt[T], tanhAt[T], sigmoidAt[T]}[f]
	for i := range s.Rows {
		row, slopes := s.Row(i), slope.Row(i)
		for j, x := range row {
			row[j], slopes[j] = at(x)
		}
	}
}

func reluAt[T Float](x T) (value, slope T) {
	switch {
	case x > 0:
		return x, 1
	case x <= 0:
		return 0, 0
	}
	return x, 0 // a NaN
}

// leakySlope is that of leakyAt below 0 (Maas et al. 2013).
const leakySlope = 0.01

func leakyAt[T Float](x T) (value, slope T) {
	if x > 0 {
		return x, 1
	}
	return leakySlope * x, leakySlope
}

// tanhAt computes (1 − e^−2|x|)/(1 + e^−2|x|), from e^−2|x| − 1 so that no digits are lost
// near 0.
func tanhAt[T Float](x T) (value, slope T) {
	below := exponentialOf[T]().expm1(-2 * magnitude(x))
	value = -below / (2 + below)
	slope = 1 - T(value*value)
	if x < 0 {
		value = -value
	}
	return value, slope
}

// sigmoidAt computes 1/(1 + e^−x), from e^−|x| so that nothing overflows.
func sigmoidAt[T Float](x T) (value, slope T) {
	e := exponentialOf[T]().exp(-magnitude(x))
	value = 1 / (1 + e)
	if x < 0 {
		value = e * value
	}
	return value, value * (1 - value)
}

// geluAt computes x·Φ(x), Φ being the distribution function of the normal distribution
// (Hendrycks and Gimpel 2016). In the tail, at −|x|, that is e^(−x²/2)·t·q(u), where q is
// a polynomial in u = 2t − 1 from −1 to 1, and t = 1/(1 + |x|/4).
func geluAt[T Float](x T) (value, slope T) {
	g, a := gaussianOf[T](), magnitude(x)
	e := exponentialOf[T]().exp(-T(T(0.5*a) * a))
	t := 1 / (1 + T(0.25*a))
	u := T(2*t) - 1
	q := g[len(g)-1]
	for i := len(g) - 2; i >= 0; i-- {
		q = T(q*u) + g[i]
	}
	phi := T(e*t) * q
	if !(x < 0) {
		phi = 1 - phi
	}
	return x * phi, phi + T(x*T(e*invSqrt2Pi))
}

const invSqrt2Pi = 0.39894228040143267793994605993438 // 1/√(2π)

func magnitude[T Float](x T) T {
	if x < 0 {
		return -x
	}
	return x
}
