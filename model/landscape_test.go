package model

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// TestLandscapeOfParabola: of one class the loss is 0 and the cost λ‖W‖², a parabola of which
// the gradient 2λW changes by 2λ for each distance 1, wherever one is, of nets side by side.
func TestLandscapeOfParabola(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		nets := rapid.IntRange(1, 3).Draw(t, "nets")
		spec := Spec{In: 3, Hidden: []int{4}, Out: 1, Nets: nets, BatchNorm: rapid.IntRange(0, nets).Draw(t, "with BN"), Eps: 1e-5, Alpha: 0.9, MaxRows: 6}
		net, err := New[float64](spec)
		if err != nil {
			t.Fatal(err)
		}
		reach, lambda := make([]float64, nets), make([]float64, nets)
		for k := range nets {
			if err := net.Init(k, He, 0, uint64(k+1)); err != nil {
				t.Fatal(err)
			}
			reach[k], lambda[k] = rapid.Float64Range(0.1, 3).Draw(t, "reach"), rapid.Float64Range(0.1, 2).Draw(t, "lambda")
		}
		x, labels := randomBatch[float64](rand.New(rand.NewPCG(1, 1)), 6, 3, 1)
		points := rapid.IntRange(1, 9).Draw(t, "points")
		for k, l := range net.Landscape(x, labels, reach, lambda, points) {
			length := 2 * lambda[k] * math.Sqrt(net.SquaredWeights(k))
			change := 2 * lambda[k] * reach[k] * length
			near := func(a, b float64) bool { return math.Abs(a-b) <= 1e-12*max(1, b) }
			if l.LossMin != 0 || l.LossMax != 0 || !near(l.Smoothness, 2*lambda[k]) || !near(l.ChangeMax, change) || !near(l.ChangeMin, change/float64(points)) {
				t.Fatalf("net %d: %+v, want smoothness %g and changes from %g to %g", k, l, 2*lambda[k], change/float64(points), change)
			}
		}
	})
}
