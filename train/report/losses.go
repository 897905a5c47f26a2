package report

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"bnlab/train"
	"bnlab/train/experiment"
)

// lossCharts returns the loss curves of each kind of network or weights in a run,
// with batch normalisation beside without: figures 2 to 6 of the study.
func lossCharts(r *Run) []Chart {
	var charts []Chart
	done := map[string]bool{}
	for _, g := range r.Summary.Groups {
		base := strings.TrimSuffix(g.Name, " BN")
		if done[base] {
			continue
		}
		done[base] = true
		if c, ok := lossChart(r, base); ok {
			charts = append(charts, c)
		}
	}
	return charts
}

// lossChart returns the loss curves of the groups base and "base BN"; ok is false
// where there are none.
func lossChart(r *Run, base string) (c Chart, ok bool) {
	var losses []float64
	for _, name := range []string{base + " BN", base} {
		at := slices.IndexFunc(r.Summary.Groups, func(g experiment.Group) bool { return g.Name == name })
		if at < 0 {
			continue
		}
		g := r.Summary.Groups[at]
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
			Points: meanCurve(r, g.Name, func(p train.Point) float64 { return p.TrainLoss })},
		{Name: "validation loss", Color: 1, Dash: "dash", Spread: "band",
			Points: meanCurve(r, g.Name, func(p train.Point) float64 { return p.ValLoss })},
	}}
}

// meanCurve returns mean and standard deviation of a value over the trials of a
// group that have a result, at every step at which one was evaluated.
func meanCurve(r *Run, group string, of func(train.Point) float64) []Spot {
	values := map[int][]float64{}
	for _, record := range r.Records {
		if record.Trial.Group != group || record.Error != "" || record.Result.Diverged {
			continue
		}
		for _, p := range record.Curve {
			values[p.Step] = append(values[p.Step], of(p))
		}
	}
	spots := []Spot{}
	for _, step := range slices.Sorted(maps.Keys(values)) {
		spots = append(spots, spotOf(float64(step), values[step], 1))
	}
	return spots
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
	return dataName(r) + " · " + n + " · " + backendName(r)
}

// dataName names the data set, the synthetic one loudly.
func dataName(r *Run) string {
	if r.synthetic() {
		return "SYNTHETIC DATA, NOT CIFAR-10"
	}
	return "CIFAR-10"
}

// backendName names what the records were made with, all of it where they differ.
func backendName(r *Run) string {
	names := distinct([]*Run{r}, func(r experiment.Record) string {
		return strings.Join(strings.Fields(fmt.Sprintf("%s %s %s", r.Backend.Name, r.Backend.Version, r.Backend.Core)), " ")
	})
	if len(names) == 0 {
		return "no record"
	}
	return strings.Join(names, " and ")
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
