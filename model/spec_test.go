package model

import (
	"runtime"
	"testing"
)

// TestElements compares the memory stated by a Spec with what New allocates, dominated
// by parameters or by images.
func TestElements(t *testing.T) {
	for _, s := range []Spec{
		{In: 3072, Hidden: []int{300, 20}, Out: 10, Nets: 3, BatchNorm: 2, MaxRows: 1},
		{In: 5, Hidden: []int{300, 20, 400}, Out: 10, Nets: 4, BatchNorm: 1, MaxRows: 1000},
		{In: 5, Hidden: []int{300, 20, 400}, Out: 10, Nets: 4, BatchNorm: 4, MaxRows: 1000},
		{In: 5, Hidden: []int{300, 20, 400}, Out: 10, Nets: 4, BatchNorm: 4, Activation: "tanh", MaxRows: 1000},
		{In: 3072, Hidden: []int{30}, Out: 10, Nets: 2, Optimiser: Adam, MaxRows: 1},
		{In: 3072, Out: 10, Nets: 50, MaxRows: 100},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		net, err := New[float64](s)
		runtime.ReadMemStats(&after)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := 8*s.Elements(), float64(after.TotalAlloc-before.TotalAlloc); got > want || got < 0.95*want {
			t.Errorf("%+v: %g bytes, New allocates %g", s, got, want)
		}
		if got, want := s.Parameters(), len(net.Params()); got != want {
			t.Errorf("%+v: %d parameters, want %d", s, got, want)
		}
	}
}

// TestBadSpec: an invalid spec is an error that names the wrong number.
func TestBadSpec(t *testing.T) {
	good := Spec{In: 5, Hidden: []int{4, 3}, Out: 2, Nets: 2, BatchNorm: 1, Eps: 1e-5, Alpha: 0.9, MaxRows: 6}
	if _, err := New[float32](good); err != nil {
		t.Fatal(err)
	}
	for want, spoil := range map[string]func(*Spec){
		"model: input length 0 is below 1":             func(s *Spec) { s.In = 0 },
		"model: 0 classes, at least 1 needed":          func(s *Spec) { s.Out = 0 },
		"model: 0 nets, at least 1 needed":             func(s *Spec) { s.Nets = 0 },
		"model: 3 of 2 nets with batch normalisation":  func(s *Spec) { s.BatchNorm = 3 },
		"model: -1 of 2 nets with batch normalisation": func(s *Spec) { s.BatchNorm = -1 },
		`model: no activation called "swish"`:          func(s *Spec) { s.Activation = "swish" },
		`model: no optimiser called "lion"`:            func(s *Spec) { s.Optimiser = "lion" },
		"model: numbers for 3 of 2 nets":               func(s *Spec) { s.Each = make([]Each, 3) },
		"model: some nets have momentum, others not":   func(s *Spec) { s.Each = []Each{{}, {Momentum: 0.5}} },
		"model: eps -1 is negative":                    func(s *Spec) { s.Eps = -1 },
		"model: alpha 1 is outside [0, 1)":             func(s *Spec) { s.Alpha = 1 },
		"model: room for 0 rows, at least 1 needed":    func(s *Spec) { s.MaxRows = 0 },
		"model: hidden layer 2 has 0 units":            func(s *Spec) { s.Hidden = []int{4, 0} },
	} {
		s := good
		spoil(&s)
		if _, err := New[float32](s); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
