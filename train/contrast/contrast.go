// Package contrast tells whether two groups of trials differ, where each trial of one
// has a partner of the same seed in the other: the two share their initial weights, as
// far as their shapes allow, and the order of the images, so that much of the chance in
// their results is the same and goes out of the difference.
package contrast

import (
	"math"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Paired is what the differences of n pairs say of their mean in general.
type Paired struct {
	N         int
	Diff      float64 // mean
	Std       float64 // standard deviation with divisor n−1
	Low, High float64 // 95 % confidence interval of the mean, by Student's t; infinite for one pair
	P         float64 // of the two-sided paired t test; 1 for one pair
}

// Of returns what the differences say, which must be one or more and finite.
func Of(diffs []float64) Paired {
	p := Paired{N: len(diffs), Low: math.Inf(-1), High: math.Inf(1), P: 1}
	if p.N == 1 {
		p.Diff = diffs[0]
		return p
	}
	p.Diff, p.Std = stat.MeanStdDev(diffs, nil)
	half := halfWidth(p.Std, p.N)
	p.Low, p.High = p.Diff-half, p.Diff+half
	switch t := math.Abs(p.Diff) / stat.StdErr(p.Std, float64(p.N)); {
	case p.Diff == 0:
	case math.IsInf(t, 1): // all differences are equal
		p.P = 0
	default:
		p.P = 2 * student(p.N).CDF(-t)
	}
	return p
}

func student(n int) distuv.StudentsT { return distuv.StudentsT{Sigma: 1, Nu: float64(n - 1)} }

// halfWidth returns half the width of the 95 % confidence interval of a mean of n ≥ 2.
func halfWidth(std float64, n int) float64 {
	return Quantile(n) * stat.StdErr(std, float64(n))
}

// Seeds returns how many pairs it takes until the 95 % confidence interval of the mean of
// differences with the given standard deviation reaches no further than half to each
// side. The answer is at most Most.
func Seeds(std, half float64) int {
	n := 2
	for n < Most && halfWidth(std, n) > half {
		n *= 2
	}
	low, high := n/2, min(n, Most) // low is too few, or 1
	for high-low > 1 {
		if middle := (low + high) / 2; halfWidth(std, middle) > half {
			low = middle
		} else {
			high = middle
		}
	}
	return high
}

// Most is the largest number that Seeds returns.
const Most = 1 << 20
