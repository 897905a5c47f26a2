package study

import (
	"cmp"
	"slices"

	"bnlab/train/document"
	"bnlab/train/experiment"
)

// grid is the results of an experiment by the points of its axes, of those that a claim is
// about: each stands at the first value of the axes that are compared.
type grid struct {
	e        *Experiment
	results  []result
	of, axis int   // axes that are compared; −1 for none
	points   []int // numbers of the points
}

func (e *Experiment) grid(c Claim, results []result) grid {
	g := grid{e, results, e.axisOf(c.Of), e.axisOf(c.Axis), nil}
	for point := range len(results) / len(e.Seeds) {
		first := (g.of < 0 || g.index(point, g.of) == 0) && (g.axis < 0 || g.index(point, g.axis) == 0)
		if first && c.Where.meets(results[point*len(e.Seeds)].trial.Config) {
			g.points = append(g.points, point)
		}
	}
	return g
}

// stride returns how far apart two points are that follow each other along an axis.
func (g grid) stride(axis int) int {
	stride := 1
	for _, a := range g.e.Vary.Axes[axis+1:] {
		stride *= len(a.Points)
	}
	return stride
}

// index returns at which value of an axis a point stands.
func (g grid) index(point, axis int) int {
	return point / g.stride(axis) % len(g.e.Vary.Axes[axis].Points)
}

// at returns the results of the point at a value of the axis of.
func (g grid) at(point, value int) []result {
	point += value * g.stride(g.of)
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

// numbersOf returns a metric of the trials that have it.
func numbersOf(results []result, metric string) (values []float64) {
	for _, r := range results {
		if v, ok := r.number(metrics[metric]); ok {
			values = append(values, v)
		}
	}
	return values
}

// isNumeric reports whether the axis is of one field, whose values are numbers.
func (a Axis) isNumeric() bool {
	return len(a.Fields) == 1 && !slices.ContainsFunc(a.Points, func(p Point) bool { return p.Settings[0].Value.Kind != document.Number })
}

// number returns value i of a numeric axis.
func (a Axis) number(i int) float64 {
	v, err := a.Points[i].Settings[0].Value.Float()
	if err != nil {
		panic("study: axis that Parse refuses: " + err.Error())
	}
	return v
}

// byNumber returns the values of a numeric axis as indices, the smallest first.
func (a Axis) byNumber() []int {
	order := make([]int, len(a.Points))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(a.number(i), a.number(j)) })
	return order
}
