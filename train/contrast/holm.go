package contrast

import "slices"

// Holm returns the p values of several tests, corrected so that the chance that any test
// of no effect falls below α is at most α (S. Holm 1979): the smallest of m times m, the
// next times m−1, and so on; none above 1, and none below a smaller one's.
func Holm(ps []float64) []float64 {
	order := make([]int, len(ps))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		switch {
		case ps[i] < ps[j]:
			return -1
		case ps[i] > ps[j]:
			return 1
		}
		return 0
	})
	corrected, least := make([]float64, len(ps)), 0.0
	for rank, i := range order {
		least = max(least, min(1, float64(len(ps)-rank)*ps[i]))
		corrected[i] = least
	}
	return corrected
}
