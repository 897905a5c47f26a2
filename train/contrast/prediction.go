package contrast

import "math"

// Prediction returns how far from the mean of n ≥ 2 values, with the given standard
// deviation, one more value lies in 95 of 100 cases: t·s·√(1 + 1/n).
func Prediction(std float64, n int) float64 {
	return student(n).Quantile(0.975) * std * math.Sqrt(1+1/float64(n))
}
