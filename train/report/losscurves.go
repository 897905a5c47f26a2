package report

import (
	"maps"
	"slices"

	"bnlab/train/experiment"
)

// lossCurves are the losses of a run's trials by kind, group and step: what the
// figures show of all that the curves of many trials hold.
type lossCurves map[string]map[string]map[int]*losses

// losses are those of the trials of a group after the same step.
type losses struct{ train, val []float64 }

// add adds the curve of a record that has a result. Of kinds beyond the first, of
// which there will be no figure, it keeps nothing.
func (c lossCurves) add(r experiment.Record) {
	if r.Error != "" || r.Result.Diverged || len(r.Curve) == 0 {
		return
	}
	group, kind := r.Trial.Group, kindOf(r.Trial.Group)
	if c[kind] == nil {
		if len(c) == maxLossCharts {
			return
		}
		c[kind] = map[string]map[int]*losses{}
	}
	if c[kind][group] == nil {
		c[kind][group] = map[int]*losses{}
	}
	for _, p := range r.Curve {
		at, ok := c[kind][group][p.Step]
		if !ok {
			at = &losses{}
			c[kind][group][p.Step] = at
		}
		at.train, at.val = append(at.train, p.TrainLoss), append(at.val, p.ValLoss)
	}
}

// mean returns mean and standard deviation of one of the losses over the trials of
// a group, at every step at which one was evaluated.
func (c lossCurves) mean(group string, of func(*losses) []float64) []Spot {
	spots, steps := []Spot{}, c[kindOf(group)][group]
	for _, step := range slices.Sorted(maps.Keys(steps)) {
		spots = append(spots, spotOf(float64(step), of(steps[step]), 1))
	}
	return spots
}
