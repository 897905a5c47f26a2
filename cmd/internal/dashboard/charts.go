package dashboard

import (
	"fmt"
	"slices"

	"bnlab/cmd/internal/screen"
	"bnlab/train"
	"bnlab/train/experiment"
	"bnlab/train/monitor"
	"bnlab/train/report/figure"
)

// chartKey is a chart of a page: the plan and the chart of it, from 0 on.
type chartKey struct{ plan, chart int }

// drawing is a chart as it is drawn.
type drawing struct {
	chartKey
	dark, narrow bool
}

// chart is a chart with what it shows as a table.
type chart struct {
	figure.Chart
	title string // above the picture
	table table
}

// chartView is a chart as the page shows it; its picture is asked for by its numbers.
type chartView struct {
	Title string `json:"title"`
	Table table  `json:"table"`
}

func (c chart) view() chartView { return chartView{c.title, c.table} }

// measure is what a chart shows of a point.
type measure struct {
	title, axis, format string
	of                  func(train.Point) float64
}

var measures = []measure{
	{"Validation accuracy", "validation accuracy (%)", "%.1f %%", func(p train.Point) float64 { return 100 * p.ValAcc }},
	{"Training loss", "training loss", "%.3f", func(p train.Point) float64 { return p.TrainLoss }},
}

// mostPoints is how many points of a curve are drawn: more cannot be seen.
const mostPoints = 120

// chartsOf returns the charts of a plan, none before the first point.
func chartsOf(l experiment.Look, slots map[string]int) (charts []chart) {
	for _, m := range measures {
		c := m.chart(l, slots)
		if len(c.Panels[0].Series) == 0 {
			return nil
		}
		charts = append(charts, c)
	}
	return charts
}

// chart shows what trains in colours, in front of what is done.
func (m measure) chart(l experiment.Look, slots map[string]int) chart {
	all := m.finished(l.Finished)
	t := table{Caption: m.title + " of what trains", Header: []string{"trial", "first", "last", "best", "at step"}}
	for _, unit := range l.Training {
		for _, curve := range unit.Curves {
			if len(curve.Points) == 0 {
				continue
			}
			name, style := look(curve.Trial.Group, slots)
			all = append(all, series(name, curve, m.of, style))
			t.Rows = append(t.Rows, pointsRow(curve, m.of, m.format))
		}
	}
	c := chart{title: m.title, table: t.cut()}
	c.X = figure.Axis{Label: "update step", Name: "step"}
	c.Y = figure.Axis{Label: m.axis, Name: m.axis, Log: figure.NeedsLog(all)}
	c.Panels = []figure.Panel{{Series: all}}
	c.Fit()
	c.X.Fit([]float64{0, c.X.Max, end(l)}, false) // to the end of what trains
	return c
}

// finished returns the curves of what is done, behind the others.
func (m measure) finished(curves []experiment.TrialCurve) (all []figure.Series) {
	name := "done"
	if len(curves) == experiment.MostCurves {
		name = fmt.Sprintf("done, the last %d", experiment.MostCurves)
	}
	for _, c := range curves {
		all = append(all, series(name, c, m.of, figure.Series{Color: figure.Background, Dash: "solid"}))
	}
	return all
}

// end returns the last step of the longest training that is shown.
func end(l experiment.Look) (steps float64) {
	for _, t := range l.Training {
		steps = max(steps, float64(t.Of))
	}
	return steps
}

// series returns the points of a curve in that style, some left out if there are very many.
func series(name string, c experiment.TrialCurve, of func(train.Point) float64, s figure.Series) figure.Series {
	s.Name = name
	every := (len(c.Points) + mostPoints - 1) / mostPoints
	for i, p := range c.Points {
		if i%every == 0 || i == len(c.Points)-1 {
			y := of(p)
			s.Points = append(s.Points, figure.Point{X: float64(p.Step), Y: y, Low: y, High: y, N: 1})
		}
	}
	if len(s.Points) < 8 && s.Color != figure.Background {
		s.Mark = "dot" // a single point is no line
	}
	return s
}

// styles is how many groups look different.
const styles = 3 * figure.Colors

// look returns name and style of the trials of a group in training.
func look(group string, slots map[string]int) (string, figure.Series) {
	slot := slots[group]
	if slot >= styles {
		return "more in training", figure.Series{Color: figure.Background, Dash: "dot"}
	}
	return screen.Shorten(group, longest), figure.Series{Color: slot % figure.Colors, Dash: []string{"solid", "dash", "dot"}[slot/figure.Colors]}
}

func pointsRow(c experiment.TrialCurve, of func(train.Point) float64, format string) row {
	first, last := c.Points[0], c.Points[len(c.Points)-1]
	best := first
	for _, p := range c.Points {
		if p.ValAcc > best.ValAcc {
			best = p
		}
	}
	text := func(p train.Point) string { return fmt.Sprintf(format, of(p)) }
	return row{Cells: []string{c.Trial.ID, text(first), text(last), text(best), fmt.Sprint(last.Step)}, Share: -1}
}

// longest is the length of a group's name that is shown whole.
const longest = 36

// slots are the colours of the groups in training, by plan: a group keeps its own.
type slots map[string]map[string]int

// of returns the slots of the groups that train now.
func (s slots) of(p monitor.Plan) map[string]int {
	before, now, taken := s[p.Dir], map[string]int{}, map[int]bool{}
	var fresh []string
	for _, t := range p.Training {
		for _, c := range t.Curves {
			if slot, known := before[c.Trial.Group]; known {
				now[c.Trial.Group], taken[slot] = slot, true
			} else if !slices.Contains(fresh, c.Trial.Group) {
				fresh = append(fresh, c.Trial.Group)
			}
		}
	}
	for slot := 0; len(fresh) > 0; slot++ {
		if !taken[slot] {
			now[fresh[0]], fresh = slot, fresh[1:]
		}
	}
	s[p.Dir] = now
	return now
}
