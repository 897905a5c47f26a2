package report

import (
	"fmt"
	"slices"
	"strings"

	"bnlab/train/report/figure"
	"bnlab/train/study"
)

// curveCharts draws the curves that a figure of a study names against the update step, in
// a chart for each family of them. With an axis of lines these have the colours, and the
// curves the dashes; else the curves have both.
func (r *rest) curveCharts(f study.Figure) (charts []figure.Chart) {
	for family, look := range families {
		names := slices.DeleteFunc(slices.Clone(f.Curves), func(name string) bool { return evaluated[name].family != family })
		if len(names) == 0 {
			continue
		}
		c := figure.Chart{Name: slug(strings.Join(append([]string{look.slug}, strings.Fields(r.at)...), "-")),
			Title: r.titled(look.title + " against update step"), X: stepAxis, Y: ofLoss(look.axis, r.groups)}
		panels, titles := r.along(f.Panel)
		var all []figure.Series
		for i, p := range panels {
			panel := figure.Panel{Title: titles[i], Series: p.curves(f, names)}
			all = append(all, panel.Series...)
			c.Panels = append(c.Panels, panel)
		}
		if len(all) == 0 {
			continue
		}
		c.Subtitle = subtitle(r.runs[0], all...) + r.lost()
		c.Y.Log = family != accuracies && figure.NeedsLog(all)
		keepAboveZero(c.Y.Log, all)
		c.Fit()
		c.X.Fit([]float64{0, c.X.Max}, false)
		charts = append(charts, c)
	}
	return charts
}

// curves returns the named curves of each line of a panel. A rest of several groups beside
// an axis of lines does not occur: rests divides by all other axes.
func (r *rest) curves(f study.Figure, names []string) (all []figure.Series) {
	lines, labels := r.along(f.Line)
	for i, line := range lines {
		for _, g := range line.groups {
			steps := r.runs[0].curves.of(g.Config)
			if len(steps) == 0 {
				continue
			}
			for j, name := range names {
				style := figure.Series{Color: j % figure.Colors, Dash: []string{"solid", "dash", "dot"}[j%3]}
				if len(lines) > 1 {
					style.Color = i % figure.Colors
				}
				s := evaluated[name].series(steps, style)
				if len(s.Points) == 0 {
					continue // not evaluated with these statistics
				}
				if labels[i] != "" {
					s.Name = fmt.Sprintf("%s, %s", labels[i], s.Name)
				}
				all = append(all, s)
			}
		}
	}
	return all
}
