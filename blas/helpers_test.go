package blas

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/blas/blas32"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/blas/gonum"
)

// onEachBackend runs test with the library that is linked, with each engine that there is
// on top of it, and with gonum's Go code in its place.
func onEachBackend(t *testing.T, test func(t *testing.T)) {
	t.Run(Current().Name, test)
	if Current().Name == "gonum" {
		return
	}
	if _, err := openOneDNN(); err == nil {
		t.Run(OneDNN, func(t *testing.T) {
			withOneDNN(t)
			test(t)
		})
	}
	t.Run("gonum", func(t *testing.T) {
		linked32, linked64 := blas32.Implementation(), blas64.Implementation()
		defer func() {
			blas32.Use(linked32)
			blas64.Use(linked64)
			use(nil)
		}()
		use(nil) // and forget what is known of the bits of the library
		blas32.Use(gonum.Implementation{})
		blas64.Use(gonum.Implementation{})
		test(t)
	})
}

// withOneDNN has oneDNN compute all products of a test, however small.
func withOneDNN(t *testing.T) {
	if err := UseEngine(OneDNN); err != nil {
		t.Skip(err)
	}
	worth := worthEngine
	worthEngine = 0
	t.Cleanup(func() { use(nil); worthEngine = worth })
}

// inBoth runs the test of each precision on each backend.
func inBoth(t *testing.T, single, double func(t *testing.T)) {
	onEachBackend(t, func(t *testing.T) {
		t.Run("float32", single)
		t.Run("float64", double)
	})
}

// A framed matrix is a view into a larger one. The frame around it holds NaN,
// so that a product that reads it gives NaN, and intact reports whether a
// product wrote to it.
type framed[T Float] struct {
	Matrix[T]
	around Matrix[T]
	i0, j0 int
}

// newFramed returns a random rows×cols view with pad columns at its left and
// right and one row above and below; with pad = 0 it is contiguous.
func newFramed[T Float](rows, cols, pad int, seed uint64) framed[T] {
	f := framed[T]{around: New[T](rows+2, cols+2*pad), i0: 1, j0: pad}
	for i := range f.around.Data {
		f.around.Data[i] = T(math.NaN())
	}
	f.Matrix = f.around.Slice(1, 1+rows, pad, pad+cols)
	f.randomise(seed)
	return f
}

func (f framed[T]) randomise(seed uint64) {
	rng := rand.New(rand.NewPCG(seed, 0))
	for i := range f.Rows {
		for j := range f.Cols {
			f.Set(i, j, T(2*rng.Float64()-1))
		}
	}
}

func (f framed[T]) intact(t *testing.T) {
	t.Helper()
	for i := range f.around.Rows {
		for j := range f.around.Cols {
			inside := f.i0 <= i && i < f.i0+f.Rows && f.j0 <= j && j < f.j0+f.Cols
			if v := f.around.At(i, j); !inside && !math.IsNaN(float64(v)) {
				t.Fatalf("element (%d,%d) outside the view became %v", i-f.i0, j-f.j0, v)
			}
		}
	}
}

// fillRandom fills x with numbers uniform on [−1, 1).
func fillRandom[T Float](x []T, seed uint64) {
	rng := rand.New(rand.NewPCG(seed, 0))
	for i := range x {
		x[i] = T(2*rng.Float64() - 1)
	}
}

// A sum is a sum of products in float64 and that of their magnitudes, which
// bounds its rounding.
type sum struct{ value, size float64 }

func (s *sum) add(x float64) { s.value += x; s.size += math.Abs(x) }

// naive returns op(a)·op(b), row by row, by the definition.
func naive[T Float](ta, tb Transpose, a, b Matrix[T]) []sum {
	m, k := shape(ta, a)
	_, n := shape(tb, b)
	opA, opB := widen(ta, a), widen(tb, b)
	p := make([]sum, m*n)
	for i := range m {
		row := p[i*n : (i+1)*n]
		for l := range k {
			for j, blj := range opB[l*n : (l+1)*n] {
				row[j].add(opA[i*k+l] * blj)
			}
		}
	}
	return p
}

// widen returns op(m) in float64, row by row.
func widen[T Float](op Transpose, m Matrix[T]) []float64 {
	rows, cols := shape(op, m)
	w := make([]float64, 0, rows*cols)
	for i := range rows {
		for j := range cols {
			if op == Trans {
				w = append(w, float64(m.At(j, i)))
			} else {
				w = append(w, float64(m.At(i, j)))
			}
		}
	}
	return w
}

// blend returns alpha·p + beta·y with its bound; y counts only with beta ≠ 0.
func blend[T Float](alpha T, p sum, beta, y T) sum {
	s := sum{float64(alpha) * p.value, math.Abs(float64(alpha)) * p.size}
	if beta != 0 {
		s.add(float64(beta) * float64(y))
	}
	return s
}

// near fails unless got is want within the rounding of a sum of k products in
// precision T, in any order of summation.
func near[T Float](t *testing.T, got T, want sum, k int) {
	eps := 0x1p-52
	if Bits[T]() == 32 {
		eps = 0x1p-23
	}
	allowed := float64(k+4) * eps * want.size
	if err := math.Abs(float64(got) - want.value); !(err <= allowed) { // true for NaN
		t.Helper() // here, for it is slow
		t.Fatalf("got %v, want %v: off by %.3g, allowed %.3g", got, want.value, err, allowed)
	}
}
