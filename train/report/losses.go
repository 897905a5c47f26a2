package report

import (
	"fmt"
	"math"
	"strings"

	"bnlab/train/experiment"
)

// lossCharts returns the loss curves of each kind of network or weights in a run,
// with batch normalisation beside without: figures 2 to 6 of the study. Of very
// many kinds it draws the first.
func lossCharts(r *Run) []Chart {
	var charts []Chart
	groups := map[string]experiment.Group{}
	for _, g := range r.Summary.Groups {
		groups[g.Name] = g
	}
	for _, base := range lossKinds(r.Summary.Groups) {
		if len(r.losses[base]) == 0 {
			continue
		}
		if c, ok := lossChart(r, base, groups); ok {
			charts = append(charts, c)
		}
	}
	return charts
}

// maxLossCharts is how many figures of loss curves a run has at most: nobody looks
// through thousands.
const maxLossCharts = 24

// lossKinds returns the kinds of which lossCharts has a figure each: the names of
// the groups, those with batch normalisation as those without.
func lossKinds(groups []experiment.Group) []string {
	var kinds []string
	done := map[string]bool{}
	for _, g := range groups {
		if base := kindOf(g.Name); !done[base] {
			done[base] = true
			kinds = append(kinds, base)
		}
	}
	return kinds
}

func kindOf(group string) string { return strings.TrimSuffix(group, " BN") }

// lossChart returns the loss curves of the groups base and "base BN"; ok is false
// where there are none.
func lossChart(r *Run, base string, groups map[string]experiment.Group) (c Chart, ok bool) {
	var losses []float64
	for _, name := range []string{base + " BN", base} {
		g, found := groups[name]
		if !found {
			continue
		}
		panel := lossPanel(r, g)
		c.Panels = append(c.Panels, panel)
		for _, s := range panel.Series {
			for _, p := range s.Points {
				losses = append(losses, p.Y)
				ok = true
			}
		}
	}
	c.Name = "loss-" + slug(base)
	c.Title = "Loss against update step, " + longName(base)
	c.Subtitle = subtitle(r, c.Panels)
	c.X = Axis{Label: "update step", Name: "step"}
	c.Y = Axis{Label: "cross-entropy loss", Name: "loss", Digits: 3, Log: needsLog(losses)}
	if c.Y.Log {
		dropBelowZero(c.Panels)
	}
	c.fit()
	c.X.fit([]float64{0, c.X.Max}, false)
	return c, ok
}

// lossPanel is the curves of one group.
func lossPanel(r *Run, g experiment.Group) Panel {
	title := "without batch normalisation"
	if g.Config.BN {
		title = "with batch normalisation"
	}
	switch {
	case g.TestAcc.Values != nil:
		title += ": test " + percentText(g.TestAcc)
	case g.N == 0:
		title += ": no trial with a result"
	}
	return Panel{Title: title, Series: []Series{
		{Name: "training loss", Color: 0, Dash: "solid", Spread: "band",
			Points: r.losses.mean(g.Name, func(l *losses) []float64 { return l.train })},
		{Name: "validation loss", Color: 1, Dash: "dash", Spread: "band",
			Points: r.losses.mean(g.Name, func(l *losses) []float64 { return l.val })},
	}}
}

// spotOf describes the values at x, each times scale.
func spotOf(x float64, values []float64, scale float64) Spot {
	s := experiment.SpreadOf(values)
	return Spot{X: x, Y: scale * s.Mean, Low: scale * (s.Mean - s.Std), High: scale * (s.Mean + s.Std), N: len(values)}
}

// dropBelowZero keeps bands on a logarithmic axis.
func dropBelowZero(panels []Panel) {
	for _, p := range panels {
		for _, s := range p.Series {
			for i, spot := range s.Points {
				s.Points[i].Low = max(spot.Low, spot.Y/10)
			}
		}
	}
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

// slug turns a name into one for a file.
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

// subtitle says what the panels rest on.
func subtitle(r *Run, panels []Panel) string {
	low, high := math.MaxInt, 0
	for _, p := range panels {
		for _, s := range p.Series {
			for _, spot := range s.Points {
				if s.Spread != "" {
					low, high = min(low, spot.N), max(high, spot.N)
				}
			}
		}
	}
	n := fmt.Sprintf("n = %d", high)
	if low < high {
		n = fmt.Sprintf("n = %d to %d", low, high)
	}
	if high == 1 {
		n += ", no spread"
	} else {
		n += " seeds, mean ± 1 standard deviation"
	}
	return r.Plan.Dataset.Title() + " · " + n + " · " + r.Summary.Properties.Backend()
}

// percentText writes mean ± standard deviation, the latter for several values.
func percentText(s experiment.Spread) string {
	switch len(s.Values) {
	case 0:
		return "–"
	case 1:
		return fmt.Sprintf("%.2f %% (n = 1)", 100*s.Mean)
	}
	return fmt.Sprintf("%.2f ± %.2f %% (n = %d)", 100*s.Mean, 100*s.Std, len(s.Values))
}
