package report

import (
	"strings"

	"bnlab/train/experiment"
)

// maxLossCharts is how many figures of loss curves a run has at most: nobody looks
// through thousands.
const maxLossCharts = 24

// kindOf returns what groups with and without batch normalisation have in common:
// they share a figure of loss curves.
func kindOf(group string) string { return strings.TrimSuffix(group, " BN") }

// lossKinds returns the kinds of the groups, each once.
func lossKinds(groups []experiment.Group) (kinds []string) {
	seen := map[string]bool{}
	for _, g := range groups {
		if kind := kindOf(g.Name); !seen[kind] {
			seen[kind] = true
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

// lossCurves are the losses of a run's trials by kind, group and step: what the
// figures show of all that the curves of many trials hold.
type lossCurves map[string]map[string]map[int]lossesAt

// lossesAt are the losses of the trials of a group after one step.
type lossesAt struct{ train, val []float64 }

// add adds the curve of a trial that has a result. Of kinds beyond the first, of
// which there will be no figure, it keeps nothing.
func (c lossCurves) add(o experiment.Outcome) {
	if o.Error != "" || o.Result.Diverged || len(o.Curve) == 0 {
		return
	}
	group, kind := o.Trial.Group, kindOf(o.Trial.Group)
	if c[kind] == nil {
		if len(c) == maxLossCharts {
			return
		}
		c[kind] = map[string]map[int]lossesAt{}
	}
	if c[kind][group] == nil {
		c[kind][group] = map[int]lossesAt{}
	}
	for _, p := range o.Curve {
		at := c[kind][group][p.Step]
		c[kind][group][p.Step] = lossesAt{append(at.train, p.TrainLoss), append(at.val, p.ValLoss)}
	}
}
