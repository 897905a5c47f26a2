package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"bnlab/train/experiment"
	"bnlab/train/report/figure"
)

// lossCharts returns the loss curves of each kind of network or weights in a run, with
// and without batch normalisation side by side: figures 2 to 6 of the study. If there
// are very many kinds it draws the first.
func lossCharts(r *Run) (charts []figure.Chart) {
	for _, k := range kindsOf(r.Summary.Groups) {
		if len(r.curves[k.key]) == 0 {
			continue
		}
		var panels []figure.Panel
		for _, g := range k.groups {
			panels = append(panels, lossPanel(r, g))
		}
		charts = append(charts, lossChart(r, k, panels))
	}
	return charts
}

// lossChart is the panels of one kind.
func lossChart(r *Run, k *kind, panels []figure.Panel) figure.Chart {
	var all []figure.Series
	for _, p := range panels {
		all = append(all, p.Series...)
	}
	c := figure.Chart{
		Name: strings.TrimSuffix("loss-"+slug(k.name()), "-"), Title: strings.TrimSuffix("Loss against update step, "+longName(r, k), ", "),
		Subtitle: subtitle(r, all...), Panels: panels,
		X: stepAxis, Y: families[losses].axis,
	}
	c.Y.Log = needsLog(all)
	keepAboveZero(c.Y.Log, all)
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
		evaluated["train-loss"].series(r.curves.of(g.Config), figure.Series{Color: 0, Dash: "solid"}),
		evaluated["val-loss"].series(r.curves.of(g.Config), figure.Series{Color: 1, Dash: "dash"}),
	}}
}

// keepAboveZero moves the lower ends of bands onto a logarithmic axis.
func keepAboveZero(log bool, all []figure.Series) {
	for _, s := range all {
		for i, p := range s.Points {
			if log {
				s.Points[i].Low = max(p.Low, p.Y/10)
			}
		}
	}
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

// longName names a kind for a title.
func longName(r *Run, k *kind) string {
	name := k.name()
	switch {
	case r.overSigma():
		return "weights from N(0, σ²), σ = " + strconv.FormatFloat(k.groups[0].Config.Sigma, 'g', -1, 64)
	case strings.HasSuffix(name, "-layer"):
		return name + " network"
	}
	return name
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
