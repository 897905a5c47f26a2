package model

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"bnlab/blas"
)

// randomBatch draws n rows of N(0, 1) and labels below classes.
func randomBatch[T blas.Float](random *rand.Rand, n, d, classes int) (blas.Matrix[T], []uint8) {
	x, labels := blas.New[T](n, d), make([]uint8, n)
	for i := range x.Data {
		x.Data[i] = T(random.NormFloat64())
	}
	for i := range labels {
		labels[i] = uint8(random.IntN(classes))
	}
	return x, labels
}

// newNet returns a network whose every parameter is random, biases, γ and β too.
func newNet[T blas.Float](t testing.TB, spec Spec, seed uint64) *Network[T] {
	t.Helper()
	net, err := New[T](spec)
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(seed, 1))
	for k := range spec.Nets {
		if err := net.Init(k, He, 0, seed+uint64(k)); err != nil {
			t.Fatal(err)
		}
		for _, p := range net.Tensors(k) {
			if p.Kind == Bias || p.Kind == Gamma || p.Kind == Beta {
				for i := range p.Data {
					p.Data[i] += T(0.3 * random.NormFloat64())
				}
			}
		}
	}
	return net
}

func TestGradient(t *testing.T) {
	for _, hidden := range [][]int{{}, {7}, {7, 5}, {9, 8, 7, 6, 6, 5, 5, 5}} {
		for _, bn := range []int{0, 1, 2} {
			for _, eps := range []float64{2.2e-16, 1e-5} {
				t.Run(fmt.Sprint(hidden, bn, eps), func(t *testing.T) {
					spec := Spec{In: 12, Hidden: hidden, Out: 4, Nets: 2, BatchNorm: bn, Eps: eps, Alpha: 0.9, MaxRows: 20}
					net := newNet[float64](t, spec, 5)
					x, labels := randomBatch[float64](rand.New(rand.NewPCG(1, 2)), 20, 12, 4)
					lambda := []float64{0.01, 0.3}
					net.Gradient(x, labels, lambda)
					for k := range lambda {
						checks, err := CheckGradient(t.Context(), net, k, x, labels, lambda[k], 0, 1)
						if err != nil {
							t.Fatal(err)
						}
						for _, c := range checks {
							t.Logf("%+v", c)
							if !c.OK {
								t.Errorf("net %d: %+v", k, c)
							}
							if c.Kinks > c.Of/4 {
								t.Errorf("net %d: most elements left out: %+v", k, c)
							}
						}
					}
				})
			}
		}
	}
}

// TestGradientOfMethods: the gradient check holds with every activation, whose kinks, if
// any, are told apart, with label smoothing, dropout, and λ on all parameters.
func TestGradientOfMethods(t *testing.T) {
	each := []Each{{Smoothing: 0.2, DecayAll: true}, {Smoothing: 0.1, Dropout: 0.3, Seed: 5}, {DecayAll: true, Dropout: 0.2}}
	for _, activation := range []Activation{"relu", "leaky", "gelu", "tanh", "sigmoid"} {
		spec := Spec{In: 12, Hidden: []int{9, 8, 7}, Out: 4, Nets: 3, BatchNorm: 2, Activation: activation, Each: each, Eps: 1e-5, Alpha: 0.9, MaxRows: 20}
		net := newNet[float64](t, spec, 5)
		x, labels := randomBatch[float64](rand.New(rand.NewPCG(1, 2)), 20, 12, 4)
		lambda := []float64{0.01, 0.3, 0.1}
		net.Gradient(x, labels, lambda)
		for k := range lambda {
			checks, err := CheckGradient(t.Context(), net, k, x, labels, lambda[k], 0, 1)
			if err != nil {
				t.Fatal(err)
			}
			kinked := activation == "relu" || activation == "leaky"
			for _, c := range checks {
				if !c.OK || c.Kinks > c.Of/4 || c.Kinks > 0 && !kinked {
					t.Errorf("%s, net %d: %+v", activation, k, c)
				}
			}
		}
	}
}

// TestGradientOfLosses: the gradient check holds with every loss, also with label smoothing; the
// kinks of hinge are told apart from faults, and no other loss has any.
func TestGradientOfLosses(t *testing.T) {
	each := []Each{{Loss: BCE}, {Loss: BCE, Smoothing: 0.3}, {Loss: Hinge}, {}}
	spec := Spec{In: 12, Hidden: []int{9, 8}, Out: 4, Nets: 4, BatchNorm: 2, Activation: "tanh", Each: each, Eps: 1e-5, Alpha: 0.9, MaxRows: 20}
	net := newNet[float64](t, spec, 5)
	x, labels := randomBatch[float64](rand.New(rand.NewPCG(1, 2)), 20, 12, 4)
	lambda := []float64{0.01, 0.3, 0.1, 0}
	net.Gradient(x, labels, lambda)
	for k, e := range each {
		checks, err := CheckGradient(t.Context(), net, k, x, labels, lambda[k], 0, 1)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range checks {
			if !c.OK || c.Kinks > c.Of/4 || c.Kinks > 0 && e.Loss != Hinge {
				t.Errorf("%s: %+v", e.Loss, c)
			}
		}
	}
}

// TestHingeKinks: where every margin is at its kink, nothing can be compared, and nothing passes.
func TestHingeKinks(t *testing.T) {
	net, err := New[float64](Spec{In: 3, Out: 2, Nets: 1, MaxRows: 5, Each: []Each{{Loss: Hinge}}})
	if err != nil {
		t.Fatal(err)
	}
	x, labels := blas.New[float64](5, 3), []uint8{0, 0, 0, 0, 0}
	fill(x.Data, 1)
	net.Params()[6] = 1 // the bias of class 0, which leads by just the margin
	net.Gradient(x, labels, []float64{0})
	checks, err := CheckGradient(t.Context(), net, 0, x, labels, 0, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range checks {
		if c.OK || c.Checked != 0 || c.Kinks != c.Of {
			t.Errorf("nothing could be compared: %+v", c)
		}
	}
}

// TestGradientOfLargeCost: overflowing squares of gradients are not a failure, but an
// overflowing cost is.
func TestGradientOfLargeCost(t *testing.T) {
	spec := Spec{In: 12, Hidden: []int{7}, Out: 4, Nets: 1, BatchNorm: 1, Eps: 2.2e-16, Alpha: 0.9, MaxRows: 20}
	for lambda, want := range map[float64]error{1e-300: nil, 1e200: nil, 1e307: ErrNotFinite, math.MaxFloat64: ErrNotFinite} {
		net := newNet[float64](t, spec, 5)
		x, labels := randomBatch[float64](rand.New(rand.NewPCG(1, 2)), 20, 12, 4)
		net.Gradient(x, labels, []float64{lambda})
		checks, err := CheckGradient(t.Context(), net, 0, x, labels, lambda, 0, 1)
		if !errors.Is(err, want) {
			t.Errorf("λ = %g: error %v, want %v", lambda, err, want)
		}
		for _, c := range checks {
			if c.Name == Weight && !c.OK {
				t.Errorf("λ = %g: %+v", lambda, c)
			}
		}
	}
}
