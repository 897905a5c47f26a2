package blas

import "testing"

// TestSampleFits: a sample fits into borrowed memory that is just as large as it asks for.
func TestSampleFits(t *testing.T) {
	for m := 1; m <= 6; m++ {
		for n := 1; n <= 6; n++ {
			f := form{bits: 32, ta: NoTrans, tb: Trans, m: m, n: n, k: 3, one: true}
			for length := range 200 {
				for poolOf[float32](&buffers).Get() != nil { // none that is longer
				}
				exact := make([]float32, length)
				release(&exact)
				newSample[float32](f) // which takes a larger one if it must
			}
		}
	}
}
