package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"bnlab/train/experiment"
	"bnlab/train/report/figure"
)

// pointOf describes the values at x, each times scale.
func pointOf(x float64, values []float64, scale float64) figure.Point {
	s := experiment.SpreadOf(values)
	return figure.Point{X: x, Y: scale * s.Mean, Low: scale * (s.Mean - s.Std), High: scale * (s.Mean + s.Std), N: len(values)}
}

// groupPoints returns mean and standard deviation of a quantity for each group that has
// it, in the order of x.
func groupPoints(groups []experiment.Group, y quantity, x func(experiment.Group) float64) []figure.Point {
	points := []figure.Point{}
	for _, g := range groups {
		if values := y.of(g); len(values) > 0 {
			points = append(points, pointOf(x(g), values, y.scale))
		}
	}
	sortPoints(points)
	return points
}

// seedPoints returns a point for each value of a quantity, in the order of x.
func seedPoints(groups []experiment.Group, y quantity, x func(experiment.Group) float64) []figure.Point {
	points := []figure.Point{}
	for _, g := range groups {
		for _, v := range y.of(g) {
			points = append(points, pointOf(x(g), []float64{v}, y.scale))
		}
	}
	sortPoints(points)
	return points
}

func sortPoints(points []figure.Point) {
	slices.SortStableFunc(points, func(a, b figure.Point) int { return cmp.Compare(a.X, b.X) })
}

// aboveZero returns the points that fit on a logarithmic axis.
func aboveZero(points []figure.Point) []figure.Point {
	return slices.DeleteFunc(points, func(p figure.Point) bool { return p.X <= 0 })
}

// subtitle says what the series are based on.
func subtitle(r *Run, series ...figure.Series) string {
	low, high := math.MaxInt, 0
	for _, s := range series {
		for _, p := range s.Points {
			if s.Spread != "" {
				low, high = min(low, p.N), max(high, p.N)
			}
		}
	}
	n := fmt.Sprintf("n = %d", high)
	if low < high {
		n = fmt.Sprintf("n = %d to %d", low, high)
	}
	if high == 1 {
		n += ", no spread"
	} else {
		n += " seeds, mean ± 1 standard deviation"
	}
	return r.Plan.Dataset.Title() + " · " + n + " · " + r.Summary.Properties.Backend()
}

// networkName names a kind of network.
func networkName(layers int, bn bool) string {
	name := fmt.Sprintf("%d-layer network", layers)
	if bn {
		name += " with batch normalisation"
	}
	return name
}
