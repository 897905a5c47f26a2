package report

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

	"bnlab/model"
	"bnlab/train"
	"bnlab/train/document"
	"bnlab/train/experiment"
	"bnlab/train/report/figure"
)

// quantity is a number of a trained group, drawn against an axis of a study.
type quantity struct {
	axis  figure.Axis
	scale float64 // to the unit of the axis
	of    func(experiment.Group) []float64
}

// quantities are those of study.Metrics. Statistics beside the running ones are added below.
var quantities = map[string]quantity{
	"test-acc":   {accuracyAxis("test accuracy"), 100, func(g experiment.Group) []float64 { return g.TestAcc.Values }},
	"val-acc":    {accuracyAxis("validation accuracy"), 100, func(g experiment.Group) []float64 { return g.ValAcc.Values }},
	"train-loss": {lossAxis("training loss"), 1, func(g experiment.Group) []float64 { return g.TrainLoss.Values }},
	"val-loss":   {lossAxis("validation loss"), 1, func(g experiment.Group) []float64 { return g.ValLoss.Values }},
}

func accuracyAxis(name string) figure.Axis {
	return figure.Axis{Label: name + " (%)", Name: name, Unit: " %", Digits: 2}
}

func lossAxis(name string) figure.Axis {
	return figure.Axis{Label: name + ", cross-entropy", Name: name, Digits: 3}
}

// ofLoss names on an axis what the groups minimise, cross-entropy or another loss.
func ofLoss(axis figure.Axis, groups []experiment.Group) figure.Axis {
	var names []string
	for _, g := range groups {
		name := map[model.Loss]string{model.BCE: "binary cross-entropy", model.Hinge: "hinge"}[g.Config.Loss]
		if name = cmp.Or(name, "cross-entropy"); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	axis.Label = strings.Replace(axis.Label, "cross-entropy", strings.Join(names, " or "), 1)
	return axis
}

// A curve is a number of each evaluation, drawn against the update step.
type curve struct {
	name   string
	family int // curves of one family share axes
	of     func(train.Point) float64
}

// family is a kind of curves that share axes.
type family struct {
	slug  string // in the name of a file
	title string
	axis  figure.Axis
	scale float64
}

const (
	losses = iota
	costs
	accuracies
	rates
)

var families = []family{
	losses:     {"loss", "Loss", figure.Axis{Label: "cross-entropy loss", Name: "loss", Digits: 3}, 1},
	costs:      {"cost", "Cost", figure.Axis{Label: "cost, loss with the L2 term", Name: "cost", Digits: 3}, 1},
	accuracies: {"accuracy", "Accuracy", accuracyAxis("accuracy"), 100},
	rates:      {"rate", "Learning rate", figure.Axis{Label: "learning rate η", Name: "η", Digits: 5}, 1},
}

// evaluated are the curves of study.CurveNames.
var evaluated = map[string]curve{
	"eta":        {"learning rate", rates, func(p train.Point) float64 { return p.Eta }},
	"train-loss": {"training loss", losses, func(p train.Point) float64 { return p.TrainLoss }},
	"val-loss":   {"validation loss", losses, func(p train.Point) float64 { return p.ValLoss }},
	"train-cost": {"training cost", costs, func(p train.Point) float64 { return p.TrainCost }},
	"val-cost":   {"validation cost", costs, func(p train.Point) float64 { return p.ValCost }},
	"train-acc":  {"training accuracy", accuracies, func(p train.Point) float64 { return p.TrainAcc }},
	"val-acc":    {"validation accuracy", accuracies, func(p train.Point) float64 { return p.ValAcc }},
}

// init adds what is evaluated with other statistics of batch normalisation than the running
// ones, as test-acc-precise.
func init() {
	for _, kind := range train.Kinds {
		with := " with " + map[model.Statistics]string{
			model.Precise: "precise statistics", model.Adaptive: "adaptive statistics", model.OfBatch: "statistics of a batch",
		}[kind]
		for key, name := range map[string]string{"test_acc": "test accuracy", "val_acc": "validation accuracy"} {
			key := key + "_" + string(kind)
			quantities[document.Hyphened(key)] = quantity{accuracyAxis(name + with), 100, func(g experiment.Group) []float64 { return g.Others[key].Values }}
		}
		for name, of := range map[string]func(*train.Measured) float64{
			"train-loss": func(m *train.Measured) float64 { return m.TrainLoss },
			"train-acc":  func(m *train.Measured) float64 { return m.TrainAcc },
			"val-loss":   func(m *train.Measured) float64 { return m.ValLoss },
			"val-acc":    func(m *train.Measured) float64 { return m.ValAcc },
		} {
			running := evaluated[name]
			evaluated[name+"-"+string(kind)] = curve{running.name + with, running.family, func(p train.Point) float64 {
				if m := p.Of(kind); m != nil {
					return of(m)
				}
				return math.NaN()
			}}
		}
	}
}

// points returns mean and standard deviation of the curve over trials, at every
// step at which it was evaluated.
func (c curve) points(steps map[int][]train.Point) []figure.Point {
	points := []figure.Point{}
	for _, step := range slices.Sorted(maps.Keys(steps)) {
		var values []float64
		for _, p := range steps[step] {
			if v := c.of(p); !math.IsNaN(v) {
				values = append(values, v)
			}
		}
		if len(values) == 0 {
			continue
		}
		points = append(points, pointOf(float64(step), values, families[c.family].scale))
	}
	return points
}

// series is the curve over trials, in the given style.
func (c curve) series(steps map[int][]train.Point, style figure.Series) figure.Series {
	style.Name, style.Spread, style.Points = c.name, "band", c.points(steps)
	return style
}

var stepAxis = figure.Axis{Label: "update step", Name: "step"}
