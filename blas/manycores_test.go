package blas

import (
	"slices"
	"testing"
)

// TestManyCores: a pass has the same bits on any number of cores, at sizes of which no core
// has the same number of rows.
func TestManyCores(t *testing.T) {
	t.Run("float32", manyCoresSuite[float32])
	t.Run("float64", manyCoresSuite[float64])
}

func manyCoresSuite[T Float](t *testing.T) {
	defer SetThreads(1)
	const d, n = 1021, 337 // primes
	numbers := New[T](4*d, n)
	fillRandom(numbers.Data, 1)
	a, b, c := make([]T, d), make([]T, d), make([]T, d)
	fillRandom(a, 2)
	fillRandom(b, 3)
	fillRandom(c, 4)
	type matrices struct {
		x, y, z, w Matrix[T]
		h          Matrix[Half]
	}
	for name, pass := range map[string]func(m matrices){
		"Affine":     func(m matrices) { Affine(a, b, m.x) },
		"Center":     func(m matrices) { Center(m.x, a, m.y, m.z) },
		"Normalize":  func(m matrices) { Normalize(a, b, c, m.x, m.y) },
		"ReLU":       func(m matrices) { ReLU(m.x) },
		"ReLUMask":   func(m matrices) { ReLUMask(m.x, m.y) },
		"Multiply":   func(m matrices) { Multiply(m.x, m.y, m.z) },
		"MultiplyBy": func(m matrices) { MultiplyBy(m.x, m.y) },
		"Project":    func(m matrices) { Project(a, b, c, m.x, m.y) },
		"Activate":   func(m matrices) { Activate(tanhActivation, m.x, m.y) },
		"Round":      func(m matrices) { Round(0.3, m.x, m.h) },
		"Momentum":   func(m matrices) { MomentumStep(0.1, 0.01, 0.9, false, m.x.Data, m.y.Data, m.z.Data) },
		"Nesterov":   func(m matrices) { MomentumStep(0.1, 0.01, 0.9, true, m.x.Data, m.y.Data, m.z.Data) },
		"Adam": func(m matrices) {
			ReLU(m.w) // squares
			AdamStep(Adam{Eta: 0.1, Beta1: 0.9, Beta2: 0.99, Eps: 1e-8, Updates: 3}, m.x.Data, m.y.Data, m.z.Data, m.w.Data)
		},
	} {
		var want []T
		var wantRounded []Half
		for _, threads := range []int{1, 2, 3, 8} {
			SetThreads(threads)
			got, rounded := slices.Clone(numbers.Data), New[Half](d, n)
			m := matrices{h: rounded}
			for i, of := range []*Matrix[T]{&m.x, &m.y, &m.z, &m.w} {
				*of = Of(d, n, got[i*d*n:(i+1)*d*n])
			}
			pass(m)
			if threads == 1 {
				want, wantRounded = got, rounded.Data
			}
			if !slices.Equal(got, want) || !slices.Equal(rounded.Data, wantRounded) {
				t.Errorf("%s: other bits on %d cores", name, threads)
			}
		}
		if slices.Equal(want, numbers.Data) && name != "Round" {
			t.Errorf("%s does nothing", name)
		}
	}
}
