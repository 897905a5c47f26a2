package train

import (
	"math"
	"slices"
)

// inRange reports whether v is a number from lo to hi; a NaN is in no range.
func inRange(v, lo, hi float64) bool { return v >= lo && v <= hi }

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// sound reports whether all values are numbers from 0 to most.
func sound(most float64, values ...float64) bool {
	return !slices.ContainsFunc(values, func(v float64) bool { return !inRange(v, 0, most) })
}
