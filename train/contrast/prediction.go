package contrast

import "math"

// Prediction returns how far from the mean of n ≥ 2 values, with the given standard
// deviation, one more value lies in 95 of 100 cases: t·s·√(1 + 1/n).
func Prediction(std float64, n int) float64 {
	return Quantile(n) * std * math.Sqrt(1+1/float64(n))
}

// Quantile returns the 97.5 % quantile of Student's t with n − 1 degrees of freedom.
func Quantile(n int) float64 { return student(n).Quantile(0.975) }

// Bounds of the tolerance for a published accuracy of one seed.
const (
	Floor = 0.005 // half a point, since some are published as whole percents
	Wide  = 0.05  // a tolerance above it can tell that figures differ, but not that they agree
)
