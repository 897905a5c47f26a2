package model

import (
	"runtime"
	"testing"
)

// TestElements holds the memory that a Spec is said to take against what New
// allocates, where parameters are most of it and where images are.
func TestElements(t *testing.T) {
	for _, s := range []Spec{
		{In: 3072, Hidden: []int{300, 20}, Out: 10, Nets: 3, BatchNorm: 2, MaxRows: 1},
		{In: 5, Hidden: []int{300, 20, 400}, Out: 10, Nets: 4, BatchNorm: 1, MaxRows: 1000},
		{In: 5, Hidden: []int{300, 20, 400}, Out: 10, Nets: 4, BatchNorm: 4, MaxRows: 1000},
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
