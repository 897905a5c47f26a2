package train

import (
	"runtime"
	"testing"

	"bnlab/blas"
	"bnlab/blas/racetest"
	"bnlab/model"
)

// TestBytes compares the stated memory of a training with what it allocates: all of it
// stays in use to the end, except states, which are not kept here.
func TestBytes(t *testing.T) {
	t.Run("f64", func(t *testing.T) { testBytes[float64](t, F64) })
	t.Run("f32", func(t *testing.T) { testBytes[float32](t, F32) })
	if !racetest.Enabled {
		t.Run("bf16", func(t *testing.T) { testBytes[float32](t, BF16) })
	}
}

func testBytes[T blas.Float](t *testing.T, p Precision) {
	data, _ := draw[T]()
	for i, hidden := range [][]int{{2000}, {300, 300, 300}, {2000}, {2000}, {2000}, {700, 700, 700}} {
		c := small()
		c.Hidden, c.NS, c.Evals, c.Precision = hidden, 1, 1, p
		if i == 2 {
			c.Optimiser = model.Adam
		}
		switch i {
		case 3:
			c.SetNorm(model.LayerNorm)
			c.NormAfter = true
		case 4:
			c.Noisy, c.Ghost = true, 5
		case 5:
			c.Landscape = 100 // once
		}
		configs := []Config{c, c, c}
		withoutNorm(&configs[1])
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		o := fitOn(t, data, configs...)
		runtime.ReadMemStats(&after)
		states := 3 * float64(p.Bits()/8) * float64(len(o.nets.Network.Params())*(1+c.Moments()))
		got, want := Bytes(configs, dim, classes), float64(after.TotalAlloc-before.TotalAlloc)+states
		if got < 0.9*want || got > 1.1*want {
			t.Errorf("%v: %g bytes, with states it takes %g", hidden, got, want)
		}
	}
}

// TestBytesHalf: bf16 takes the rounded operands more than f32: weights, what the layers
// read, and the gradients, of 500 images.
func TestBytesHalf(t *testing.T) {
	c := Default()
	c.Hidden = []int{50}
	half := c
	half.Precision = BF16
	more := Bytes([]Config{half, half}, 3072, 10) - Bytes([]Config{c, c}, 3072, 10)
	if want := 2.0 * (2*(3072*50+50*10) + 500*(3072+2*50) + 500*2*(50+10)); more != want {
		t.Errorf("%g bytes more, want %g", more, want)
	}
}
