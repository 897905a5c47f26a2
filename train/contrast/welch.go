package contrast

import (
	"math"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Welch returns the difference of the means of two independent samples, a less b, and its
// 95 % confidence interval: by Student's t with the degrees of freedom of F. E.
// Satterthwaite (1946) and B. L. Welch (1947), since the variances may differ. Each sample
// has two or more values.
func Welch(a, b []float64) (diff, low, high float64) {
	meanA, varA := stat.MeanVariance(a, nil)
	meanB, varB := stat.MeanVariance(b, nil)
	diff = meanA - meanB
	a2, b2 := varA/float64(len(a)), varB/float64(len(b))
	if a2+b2 == 0 {
		return diff, diff, diff
	}
	dof := (a2 + b2) * (a2 + b2) / (a2*a2/float64(len(a)-1) + b2*b2/float64(len(b)-1))
	half := distuv.StudentsT{Sigma: 1, Nu: dof}.Quantile(0.975) * math.Sqrt(a2+b2)
	return diff, diff - half, diff + half
}
