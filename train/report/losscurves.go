package report

import "bnlab/train/experiment"

// maxLossCharts is the maximum number of loss curve figures of a run: nobody looks
// through thousands.
const maxLossCharts = 24

// lossCurves are the losses of a run's trials by kind, batch normalisation and step: the
// part of the curves that the figures show.
type lossCurves map[string]map[bool]map[int]lossesAt

// lossesAt are the losses of the trials of a group after one step.
type lossesAt struct{ train, val []float64 }

// add adds the curve of a trial that has a result. It keeps nothing of kinds that will
// have no figure.
func (c lossCurves) add(o experiment.Outcome) {
	if o.Error != "" || o.Result.Diverged || len(o.Curve) == 0 {
		return
	}
	kind, bn := kindOf(o.Trial.Config), o.Trial.Config.BN
	if c[kind] == nil {
		if len(c) == maxLossCharts {
			return
		}
		c[kind] = map[bool]map[int]lossesAt{}
	}
	if c[kind][bn] == nil {
		c[kind][bn] = map[int]lossesAt{}
	}
	for _, p := range o.Curve {
		at := c[kind][bn][p.Step]
		c[kind][bn][p.Step] = lossesAt{append(at.train, p.TrainLoss), append(at.val, p.ValLoss)}
	}
}
