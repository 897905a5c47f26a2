package report

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"bnlab/train/experiment"
	"bnlab/train/report/figure"
)

// lossCharts returns the loss curves of each kind of network or weights in a run, with
// and without batch normalisation side by side: figures 2 to 6 of the study. If there
// are very many kinds it draws the first.
func lossCharts(r *Run) (charts []figure.Chart) {
	groups := map[string]experiment.Group{}
	for _, g := range r.Summary.Groups {
		groups[g.Name] = g
	}
	for _, kind := range lossKinds(r.Summary.Groups) {
		if len(r.losses[kind]) == 0 {
			continue
		}
		var panels []figure.Panel
		for _, name := range []string{kind + " BN", kind} {
			if g, found := groups[name]; found {
				panels = append(panels, lossPanel(r, g))
			}
		}
		charts = append(charts, lossChart(r, kind, panels))
	}
	return charts
}

// lossChart is the panels of one kind.
func lossChart(r *Run, kind string, panels []figure.Panel) figure.Chart {
	var all []figure.Series
	for _, p := range panels {
		all = append(all, p.Series...)
	}
	c := figure.Chart{
		Name: "loss-" + slug(kind), Title: "Loss against update step, " + longName(kind), Subtitle: subtitle(r, all...), Panels: panels,
		X: figure.Axis{Label: "update step", Name: "step"},
		Y: figure.Axis{Label: "cross-entropy loss", Name: "loss", Digits: 3, Log: needsLog(all)},
	}
	if c.Y.Log {
		for _, s := range all {
			for i, p := range s.Points {
				s.Points[i].Low = max(p.Low, p.Y/10) // above zero
			}
		}
	}
	c.Fit()
	c.X.Fit([]float64{0, c.X.Max}, false)
	return c
}

// lossPanel is the curves of one group.
func lossPanel(r *Run, g experiment.Group) figure.Panel {
	title := "without batch normalisation"
	if g.Config.BN {
		title = "with batch normalisation"
	}
	switch {
	case len(g.TestAcc.Values) > 0:
		title += fmt.Sprintf(": test %s (n = %d)", g.TestAcc.Percent(), len(g.TestAcc.Values))
	case g.N == 0:
		title += ": no trial with a result"
	}
	return figure.Panel{Title: title, Series: []figure.Series{
		{Name: "training loss", Color: 0, Dash: "solid", Spread: "band",
			Points: lossPoints(r, g.Name, func(l lossesAt) []float64 { return l.train })},
		{Name: "validation loss", Color: 1, Dash: "dash", Spread: "band",
			Points: lossPoints(r, g.Name, func(l lossesAt) []float64 { return l.val })},
	}}
}

// lossPoints returns mean and standard deviation of a loss over the trials of a group,
// at every evaluated step.
func lossPoints(r *Run, group string, of func(lossesAt) []float64) []figure.Point {
	points, steps := []figure.Point{}, r.losses[kindOf(group)][group]
	for _, step := range slices.Sorted(maps.Keys(steps)) {
		points = append(points, pointOf(float64(step), of(steps[step]), 1))
	}
	return points
}

// needsLog reports whether the means span enough decades to need a logarithmic axis.
func needsLog(all []figure.Series) bool {
	low, high := math.Inf(1), 0.0
	for _, s := range all {
		for _, p := range s.Points {
			low, high = min(low, p.Y), max(high, p.Y)
		}
	}
	return low > 0 && high/low > 100
}

// longName names a group for a title.
func longName(group string) string {
	if sigma, ok := strings.CutPrefix(group, "sigma="); ok {
		return "weights from N(0, σ²), σ = " + sigma
	}
	if strings.HasSuffix(group, "-layer") {
		return group + " network"
	}
	return group
}

// slug turns a name into a file name.
func slug(name string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9', c == '.', c == '-':
			return c
		case 'A' <= c && c <= 'Z':
			return c - 'A' + 'a'
		}
		return '-'
	}, name)
}
