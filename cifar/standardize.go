package cifar

import "math"

// Standard holds the statistics by which images are standardised, one for each
// of the Dim dimensions, in units of pixel values (0 to 255). A dimension x
// becomes (x − Mean)/Std.
type Standard struct {
	Mean []float64 // Dim
	Std  []float64 // Dim, divisor n; 1 where all images have the same value
}

// Standardize returns the mean and standard deviation of each dimension over the
// images of s, which should be the training split: validation and test images are
// standardised by its statistics, never by their own. A dimension that is the same
// in all images gets Std 1, so that it becomes 0 and never NaN.
//
// The sums are integers, hence exact: var = (n·Σx² − (Σx)²)/n².
func Standardize(s Set) Standard {
	if s.Len() == 0 {
		panic(emptySet)
	}
	var sum, square [Dim]uint64
	for i := range s.Len() {
		for j, p := range s.Image(i) {
			sum[j] += uint64(p)
			square[j] += uint64(p) * uint64(p)
		}
	}
	st := Standard{Mean: make([]float64, Dim), Std: make([]float64, Dim)}
	n := uint64(s.Len())
	for j := range Dim {
		st.Mean[j] = float64(sum[j]) / float64(n)
		st.Std[j] = math.Sqrt(float64(n*square[j]-sum[j]*sum[j])) / float64(n)
		if st.Std[j] == 0 {
			st.Std[j] = 1
		}
	}
	return st
}
