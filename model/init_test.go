package model

import (
	"math"
	"slices"
	"testing"
)

func initSpec(nets int) Spec {
	return Spec{In: 400, Hidden: []int{300, 200, 100}, Out: 50, Nets: nets, BatchNorm: nets, Eps: 1e-5, Alpha: 0.9, MaxRows: 1}
}

// TestInit compares the weights of each layer with their distribution: mean, standard
// deviation and fourth moment within five standard errors. fan_in and fan_out differ in
// every layer, and σ is far from σ².
func TestInit(t *testing.T) {
	for _, c := range []struct {
		kind  Init
		sigma float64
		want  func(fanIn float64) float64
	}{
		{He, 0, func(fanIn float64) float64 { return math.Sqrt(2 / fanIn) }},
		{Xavier, 0, func(fanIn float64) float64 { return math.Sqrt(1 / fanIn) }},
		{Normal, 0.1, func(float64) float64 { return 0.1 }},
		{Normal, 1e-4, func(float64) float64 { return 1e-4 }},
	} {
		net, err := New[float64](initSpec(1))
		if err != nil {
			t.Fatal(err)
		}
		if err := net.Init(0, c.kind, c.sigma, 9); err != nil {
			t.Fatal(err)
		}
		for _, p := range net.Tensors(0) {
			if p.Kind == Weight {
				checkNormal(t, string(c.kind)+" "+p.Name, p.Data, c.want(float64(p.Shape[1])))
			}
		}
	}
}

func checkNormal(t *testing.T, what string, values []float64, deviation float64) {
	t.Helper()
	var m1, m2, m4 float64
	for _, v := range values {
		z := v / deviation
		m1 += z
		m2 += z * z
		m4 += z * z * z * z
	}
	n := float64(len(values))
	margin := 5 / math.Sqrt(n)
	if !(math.Abs(m1/n) < margin) {
		t.Errorf("%s: mean is %g standard deviations", what, m1/n)
	}
	if !(math.Abs(m2/n-1) < margin*math.Sqrt(2)) {
		t.Errorf("%s: standard deviation is %g, want %g", what, deviation*math.Sqrt(m2/n), deviation)
	}
	if !(math.Abs(m4/n-3) < margin*math.Sqrt(96)) {
		t.Errorf("%s: fourth moment is %g, a normal one is 3", what, m4/n)
	}
}

// TestInitRest: biases start at 0, γ at 1, β at 0, also in a net that has been
// trained before.
func TestInitRest(t *testing.T) {
	net := newNet[float64](t, deepSpec(2, 2), 4)
	trainRandom(net, 3, 20, each(2, 0.1, 0), each(2, 0, 0))
	for k := range 2 {
		if err := net.Init(k, Normal, 0.1, 1); err != nil {
			t.Fatal(err)
		}
		for _, p := range net.Tensors(k) {
			want := 0.0
			if p.Kind == Gamma {
				want = 1
			}
			if p.Kind != Weight && slices.ContainsFunc(p.Data, func(v float64) bool { return v != want }) {
				t.Errorf("net %d: %s %s starts at %v, want %g", k, p.Name, p.Kind, p.Data, want)
			}
		}
	}
}

// TestInitSeeds: a seed gives one net, alone and side by side, in double
// precision and, rounded, in single; another seed gives another; no two layers
// repeat each other.
func TestInitSeeds(t *testing.T) {
	alone, _ := New[float64](initSpec(1))
	group, _ := New[float64](initSpec(3))
	single, _ := New[float32](initSpec(1))
	for _, err := range []error{
		alone.Init(0, He, 0, 7),
		group.Init(2, He, 0, 7), group.Init(0, He, 0, 8), group.Init(1, He, 0, 7),
		single.Init(0, He, 0, 7),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for i, p := range alone.Tensors(0) {
		for k, equal := range []bool{p.Kind != Weight, true, true} {
			if slices.Equal(p.Data, group.Tensors(k)[i].Data) != equal {
				t.Errorf("%s %s: net %d as the one alone: want %v", p.Name, p.Kind, k, equal)
			}
		}
		for j, v := range single.Tensors(0)[i].Data {
			if v != float32(p.Data[j]) {
				t.Fatalf("%s: element %d is %v in single, %v in double precision", p.Name, j, v, p.Data[j])
			}
		}
	}
	first, second := alone.Tensors(0)[0].Data, alone.Tensors(0)[6].Data
	if first[0]/second[0] == first[1]/second[1] {
		t.Error("two layers are drawn from the same numbers")
	}
}

func TestInitUnknown(t *testing.T) {
	net, _ := New[float64](deepSpec(1, 0))
	if err := net.Init(0, "glorot", 0, 1); err == nil {
		t.Error("no error for an unknown initialisation")
	}
}
