package report

import (
	"bnlab/train"
	"bnlab/train/experiment"
)

// maxCurveCharts is the maximum number of kinds of networks of a run whose curves are
// drawn: nobody looks through thousands of figures.
const maxCurveCharts = 24

// curves are the evaluations of a run's trials by kind, batch normalisation and step.
type curves map[string]map[bool]map[int][]train.Point

// add adds the curve of a trial that has a result. It keeps nothing of kinds that will
// have no figure.
func (c curves) add(o experiment.Outcome) {
	if o.Error != "" || o.Result.Diverged || len(o.Curve) == 0 {
		return
	}
	kind, bn := kindOf(o.Trial.Config), o.Trial.Config.BN
	if c[kind] == nil {
		if len(c) == maxCurveCharts {
			return
		}
		c[kind] = map[bool]map[int][]train.Point{}
	}
	if c[kind][bn] == nil {
		c[kind][bn] = map[int][]train.Point{}
	}
	for _, p := range o.Curve {
		c[kind][bn][p.Step] = append(c[kind][bn][p.Step], p)
	}
}

// of returns the evaluations of the trials of a configuration, by step.
func (c curves) of(config train.Config) map[int][]train.Point { return c[kindOf(config)][config.BN] }
