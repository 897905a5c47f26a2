package train

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// TestEta compares the schedule of the study with values computed by hand.
func TestEta(t *testing.T) {
	c := Default()
	for _, v := range []struct {
		t    int
		want float64
	}{
		{0, 1e-5},
		{1, 1e-5 + 0.09999/2250},
		{1125, 0.050005},
		{2249, 0.1 - 0.09999/2250},
		{2250, 0.1},
		{2251, 0.1 - 0.09999/2250},
		{3375, 0.050005},
		{4499, 1e-5 + 0.09999/2250},
		{4500, 1e-5},
		{6750, 0.1},
		{8999, 1e-5 + 0.09999/2250},
		{9000, 1e-5},
	} {
		if got := c.Eta(v.t); math.Abs(got-v.want) > 1e-15 {
			t.Errorf("η of update %d is %v, want %v", v.t, got, v.want)
		}
	}
}

// TestEtaCycle: within its limits, the same every cycle, as fast down as up, and
// the same step from each update to the next.
func TestEtaCycle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := Default()
		c.NS = rapid.IntRange(1, 5000).Draw(t, "ns")
		c.EtaMin = rapid.Float64Range(0, 1).Draw(t, "min")
		c.EtaMax = c.EtaMin + rapid.Float64Range(0, 1).Draw(t, "above")
		i := rapid.IntRange(0, 100000).Draw(t, "t")
		eta, span := c.Eta(i), c.EtaMax-c.EtaMin
		cycle, into := 2*c.NS, i%(2*c.NS)
		switch {
		case eta < c.EtaMin || eta > c.EtaMax+1e-15:
			t.Fatalf("η = %v is outside", eta)
		case c.Eta(i+cycle) != eta:
			t.Fatal("the next cycle differs")
		case math.Abs(c.Eta(i-into+cycle-into)-eta) > 1e-12:
			t.Fatal("down is not as up")
		case math.Abs(math.Abs(c.Eta(i+1)-eta)-span/float64(c.NS)) > 1e-12:
			t.Fatalf("a step of %v, want %v", c.Eta(i+1)-eta, span/float64(c.NS))
		}
	})
}
