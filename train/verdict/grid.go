package verdict

import (
	"bnlab/train/experiment"
	"bnlab/train/study"
)

// grid is the results of an experiment by the points of its axes, of those that a claim is
// about: each stands at the first value of the axes that are compared.
type grid struct {
	e        *study.Experiment
	results  []result
	of, axis int   // axes that are compared; −1 for none
	points   []int // numbers of the points
}

func gridOf(e *study.Experiment, c study.Claim, results []result) grid {
	g := grid{e, results, e.Vary.Axis(c.Of), e.Vary.Axis(c.Axis), nil}
	for point := range len(results) / len(e.Seeds) {
		first := (g.of < 0 || e.Vary.Index(point, g.of) == 0) && (g.axis < 0 || e.Vary.Index(point, g.axis) == 0)
		if first && c.Where.Meets(results[point*len(e.Seeds)].trial.Config) {
			g.points = append(g.points, point)
		}
	}
	return g
}

// at returns the results of the point at a value of the axis of.
func (g grid) at(point, value int) []result {
	point += value * g.e.Vary.Stride(g.of)
	seeds := len(g.e.Seeds)
	return g.results[point*seeds : (point+1)*seeds]
}

// along returns the results at a value of the axis sought on.
func (g grid) along(point, value int) []result {
	point += value * g.e.Vary.Stride(g.axis)
	seeds := len(g.e.Seeds)
	return g.results[point*seeds : (point+1)*seeds]
}

// name names the group at a value of the axis of.
func (g grid) name(point, value int) string { return g.at(point, value)[0].trial.Group }

// best returns the point at which a value of the axis of has the highest mean validation
// accuracy, of those where all trials have a result; −1 without any.
func (g grid) best(value int) int {
	best, most := -1, 0.0
	for _, point := range g.points {
		accuracies := numbersOf(g.at(point, value), "val-acc")
		if mean := experiment.SpreadOf(accuracies).Mean; len(accuracies) == len(g.e.Seeds) && (best < 0 || mean > most) {
			best, most = point, mean
		}
	}
	return best
}
