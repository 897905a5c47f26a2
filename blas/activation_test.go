package blas

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// exact are the activations and their derivatives by the library of Go, in double precision.
var exact = map[string]func(x float64) (value, slope float64){
	"relu":  func(x float64) (float64, float64) { return max(x, 0), step(x, 0) },
	"leaky": func(x float64) (float64, float64) { return max(x, 0.01*x), step(x, 0.01) },
	"gelu": func(x float64) (float64, float64) {
		phi := math.Erfc(-x/math.Sqrt2) / 2
		return x * phi, phi + x*math.Exp(-x*x/2)/math.Sqrt(2*math.Pi)
	},
	"tanh": func(x float64) (float64, float64) { return math.Tanh(x), 1 - math.Tanh(x)*math.Tanh(x) },
	"sigmoid": func(x float64) (float64, float64) {
		return 1 / (1 + math.Exp(-x)), 1 / (1 + math.Exp(-x)) / (1 + math.Exp(x))
	},
}

func step(x, below float64) float64 {
	if x > 0 {
		return 1
	}
	return below
}

// TestActivations compares every activation with Go's library, from numbers so small that
// nothing but their own digits tell them from 0 to those at which it is flat.
func TestActivations(t *testing.T) {
	t.Run("float32", testActivations[float32])
	t.Run("float64", testActivations[float64])
}

func testActivations[T Float](t *testing.T) {
	roundoff := 0x1p-24
	if Bits[T]() == 64 {
		roundoff = 0x1p-53
	}
	random := rand.New(rand.NewPCG(1, 1))
	x := []T{0, 1, -1, 9, -9, 30, -30, 1000, -1000}
	for range 2000 {
		x = append(x, T(random.NormFloat64()*math.Pow(10, 4*random.Float64()-3)))
	}
	for _, name := range activationNames {
		f, ok := ActivationNamed(name)
		if !ok {
			t.Fatalf("no activation %s", name)
		}
		s, slope := Of(1, len(x), slices.Clone(x)), New[T](1, len(x))
		Activate(f, s, slope)
		for i, x := range x {
			value, derivative := exact[name](float64(x))
			// The value has the digits of x or of 1, whichever is smaller; in the tail of
			// gelu, those of x², by which it is squeezed.
			if d := math.Abs(float64(s.Data[i]) - value); d > 8*roundoff*(1+float64(x*x)/4)*math.Abs(value)+1e-37 {
				t.Errorf("%s(%g) is %g, want %g", name, x, s.Data[i], value)
			}
			if d := math.Abs(float64(slope.Data[i]) - derivative); d > 16*roundoff {
				t.Errorf("the derivative of %s at %g is %g, want %g", name, x, slope.Data[i], derivative)
			}
		}
	}
}

// TestActivationNames: a name that there is not is told from the first.
func TestActivationNames(t *testing.T) {
	for _, name := range []string{"", "swish", "ReLU"} {
		if f, ok := ActivationNamed(name); ok {
			t.Errorf("%q is activation %d", name, f)
		}
	}
	if len(activationNames) != len(exact) {
		t.Errorf("%d names of %d activations", len(activationNames), len(exact))
	}
}
