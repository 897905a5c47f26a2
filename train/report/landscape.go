package report

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"bnlab/train"
	"bnlab/train/experiment"
	"bnlab/train/report/figure"
)

// along are the numbers of a probe along the gradient, each drawn against the update step:
// as bands from the smallest to the largest, as in figure 4 of Santurkar et al. (2018).
var along = []struct {
	slug, title string
	axis        figure.Axis
	from, to    func(train.Probe) train.Number
}{
	{"landscape-loss", "Loss along the gradient", figure.Axis{Label: "loss", Name: "loss", Digits: 3},
		func(p train.Probe) train.Number { return p.LossMin }, func(p train.Probe) train.Number { return p.LossMax }},
	{"landscape-change", "Change of the gradient along it", figure.Axis{Label: "distance from the gradient", Name: "distance", Digits: 3},
		func(p train.Probe) train.Number { return p.ChangeMin }, func(p train.Probe) train.Number { return p.ChangeMax }},
	{"landscape-smoothness", "Effective smoothness", figure.Axis{Label: "largest change of the gradient per distance", Name: "smoothness", Digits: 3},
		func(p train.Probe) train.Number { return p.Smoothness }, func(p train.Probe) train.Number { return p.Smoothness }},
}

// landscapeCharts draws the probes of the trials of each kind in a run; none without any.
func landscapeCharts(r *Run) (charts []figure.Chart) {
	for _, k := range kindsOf(r.Summary.Groups) {
		if len(charts) < maxCurveCharts {
			charts = append(charts, landscapeOf(r, k)...)
		}
	}
	return charts
}

// landscapeOf draws those of one kind, with and without batch normalisation in one panel.
func landscapeOf(r *Run, k *kind) (charts []figure.Chart) {
	for _, a := range along {
		var series []figure.Series
		most := 0
		for _, g := range k.groups {
			s := figure.Series{Name: "without batch normalisation", Color: 1, Dash: "dash", Spread: "band"}
			if g.Config.BN {
				s = figure.Series{Name: "with batch normalisation", Color: 0, Dash: "solid", Spread: "band"}
			}
			if s.Points = probePoints(r, g, a.from, a.to); len(s.Points) > 0 {
				series = append(series, s)
				most = max(most, s.Points[0].N)
			}
		}
		if len(series) == 0 {
			return nil
		}
		c := figure.Chart{
			Name:  strings.TrimSuffix(a.slug+"-"+slug(k.name()), "-"),
			Title: strings.TrimSuffix(a.title+", "+longName(r, k), ", "),
			Subtitle: fmt.Sprintf("%s · n = %d, up to %g η along the gradient · %s",
				r.Plan.Dataset.Title(), most, k.groups[0].Config.LandscapeTo, r.Summary.Properties.Backend()),
			X: stepAxis, Y: a.axis, Panels: []figure.Panel{{Series: series}},
		}
		c.Y.Log = figure.NeedsLog(series)
		keepAboveZero(c.Y.Log, series)
		c.Fit()
		c.X.Fit([]float64{0, c.X.Max}, false)
		charts = append(charts, c)
	}
	return charts
}

// probePoints returns at each step the mean over a group's trials of the smallest number, of
// the largest, and between. Where one is not finite there is no point.
func probePoints(r *Run, g experiment.Group, from, to func(train.Probe) train.Number) (points []figure.Point) {
	low, high := map[int][]float64{}, map[int][]float64{}
	for i, o := range r.outcomes {
		if r.Plan.Trials[i].Group != g.Name || o.Error != "" || o.Result.Diverged {
			continue
		}
		for _, p := range o.Result.Landscape {
			low[p.Step], high[p.Step] = append(low[p.Step], float64(from(p))), append(high[p.Step], float64(to(p)))
		}
	}
	for _, step := range slices.Sorted(maps.Keys(low)) {
		l, h := experiment.SpreadOf(low[step]).Mean, experiment.SpreadOf(high[step]).Mean
		if sum := l + h; !math.IsInf(sum, 0) && !math.IsNaN(sum) {
			points = append(points, figure.Point{X: float64(step), Y: l/2 + h/2, Low: l, High: h, N: len(low[step])})
		}
	}
	return points
}
