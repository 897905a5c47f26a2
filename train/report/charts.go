package report

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"bnlab/train"
	"bnlab/train/experiment"
	"bnlab/train/message"
	"bnlab/train/report/figure"
)

// Charts returns the figures for which there are records, each with a unique name.
func (s *Study) Charts() (charts []figure.Chart) {
	for _, r := range s.Runs {
		if !r.overLambda() {
			charts = append(charts, lossCharts(r)...)
		}
	}
	for _, search := range searches(s.Runs) {
		charts = append(charts, lambdaChart(search.trials(), search["final"])...)
	}
	for _, r := range s.Runs {
		if r.Stage == "" && r.overLambda() {
			charts = append(charts, lambdaChart([]*Run{r}, nil)...)
		}
		charts = append(charts, sigmaChart(r)...)
	}
	charts = append(charts, scheduleChart(s.Runs)...)
	seen := map[string]int{}
	for i, c := range charts {
		if seen[c.Name]++; seen[c.Name] > 1 {
			charts[i].Name = fmt.Sprintf("%s-%d", c.Name, seen[c.Name])
		}
	}
	return charts
}

// lambdaChart returns validation accuracy against λ for the runs of a search, with the
// best λ marked, and the published one if the networks are the study's; none if no
// trial has a result, or if there is only a final stage.
func lambdaChart(searched []*Run, final *Run) []figure.Chart {
	series, best, note := searchSeries(searched)
	if len(series) == 0 {
		return nil
	}
	first, config := searched[0], searched[0].Plan.Trials[0].Config
	c := figure.Chart{
		Name: "lambda", Title: "Validation accuracy against λ, " + networkName(len(config.Hidden)+1, config.BN), Subtitle: subtitle(first, series...) + note,
		X: figure.Axis{Label: "λ of the L2 term (log scale)", Name: "λ", Log: true},
		Y: figure.Axis{Label: "validation accuracy (%)", Name: "validation accuracy", Unit: " %", Digits: 2},
	}
	if final != nil {
		if points := aboveZero(accuracyPoints(final, false, valAcc)); len(points) > 0 {
			name := fmt.Sprintf("final networks, n = %d", points[0].N)
			series = append(series, figure.Series{Name: name, Color: 5, Mark: "diamond", Spread: "bars", Points: points})
		}
	}
	if best.X > 0 {
		best.Low, best.High = best.Y, best.Y
		series = append(series, figure.Series{Name: "best: λ = " + powerText(math.Log10(best.X)), Color: 1, Mark: "star", Points: []figure.Point{best}})
	}
	panel := figure.Panel{Series: series}
	if asStudied(config) && !first.otherData() {
		panel.Lines = []figure.Line{{Name: "published best λ = " + powerText(publishedLog10Lambda), Vertical: true, At: math.Pow(10, publishedLog10Lambda)}}
	}
	c.Panels = []figure.Panel{panel}
	c.Fit()
	return []figure.Chart{c}
}

func valAcc(g experiment.Group) (float64, []float64) { return g.Config.Lambda, g.ValAcc.Values }

// searchSeries returns one series per run, coarse and fine, the best point of all, and
// a note on points that cannot be on the axis.
func searchSeries(searched []*Run) (series []figure.Series, best figure.Point, note string) {
	for i, r := range searched {
		s := []figure.Series{{Color: 0, Mark: "circle", Spread: "bars"}, {Color: 2, Mark: "triangle", Spread: "bars"}}[i]
		s.Name = strings.TrimSpace(r.Stage + " search")
		all := accuracyPoints(r, false, valAcc)
		for _, p := range all {
			if p.Y > best.Y {
				best = p
			}
		}
		if s.Points = aboveZero(all); len(s.Points) < len(all) {
			note = " · λ = 0 is in the table, not on this axis"
		}
		if len(s.Points) > 0 {
			series = append(series, s)
		}
	}
	return series, best, note
}

// sigmaChart returns test accuracy against σ, with and without batch normalisation;
// none if the run is not a sweep over σ.
func sigmaChart(r *Run) []figure.Chart {
	if !r.overSigma() {
		return nil
	}
	series := append(sigmaSeries(r, true, "with BN", figure.Series{Color: 0, Dash: "solid", Mark: "circle", Shift: -1}),
		sigmaSeries(r, false, "without BN", figure.Series{Color: 1, Dash: "dash", Mark: "square", Shift: 1})...)
	if len(series) == 0 {
		return nil
	}
	c := figure.Chart{
		Name: "sigma", Title: "Test accuracy against σ of the initial weights", Subtitle: subtitle(r, series...),
		X:      figure.Axis{Label: "σ of the initial weights (log scale)", Name: "σ", Log: true},
		Y:      figure.Axis{Label: "test accuracy (%)", Name: "test accuracy", Unit: " %", Digits: 2},
		Panels: []figure.Panel{{Series: series, Lines: []figure.Line{{Name: "chance, 10 %", At: 10}}}},
	}
	c.Fit()
	c.Y.Fit([]float64{0, c.Y.Max}, true)
	return []figure.Chart{c}
}

// sigmaSeries returns the means of the networks with or without batch normalisation, in
// the given style, with their single seeds beside them; none without a result.
func sigmaSeries(r *Run, bn bool, name string, means figure.Series) []figure.Series {
	testAcc := func(g experiment.Group) (float64, []float64) {
		if g.Config.BN != bn {
			return 0, nil
		}
		return g.Config.Sigma, g.TestAcc.Values
	}
	means.Name, means.Spread, means.Points = name+", mean ± std", "bars", aboveZero(accuracyPoints(r, false, testAcc))
	if len(means.Points) == 0 {
		return nil
	}
	seeds := figure.Series{Name: name + ", single seeds", Color: means.Color, Mark: "dot", Shift: 3 * means.Shift}
	seeds.Points = aboveZero(accuracyPoints(r, true, testAcc))
	return []figure.Series{means, seeds}
}

// scheduleChart returns the learning rates of all different schedules.
func scheduleChart(runs []*Run) []figure.Chart {
	var configs []train.Config
	for _, r := range runs {
		for _, t := range r.Plan.Trials {
			if !slices.ContainsFunc(configs, func(c train.Config) bool { return sameSchedule(c, t.Config) }) {
				configs = append(configs, t.Config)
			}
			if len(configs) > figure.Colors {
				return nil // a sweep over schedules, too many for a figure
			}
		}
	}
	var series []figure.Series
	for i, c := range configs {
		series = append(series, figure.Series{
			Name:  fmt.Sprintf("n_s = %d, %s, η from %s to %s", c.NS, message.Count(c.Cycles, "cycle"), plain(c.EtaMin), plain(c.EtaMax)),
			Color: i, Dash: []string{"solid", "dash", "dot"}[i%3], Points: schedule(c),
		})
	}
	c := figure.Chart{
		Name: "schedule", Title: "Learning rate against update step", Panels: []figure.Panel{{Series: series}},
		Subtitle: "cyclical learning rate: n_s steps up, n_s steps down",
		X:        figure.Axis{Label: "update step", Name: "step"}, Y: figure.Axis{Label: "learning rate η", Name: "η", Digits: 5},
	}
	c.Fit()
	return []figure.Chart{c}
}

// plain writes v without an exponent, unless it is very large or small.
func plain(v float64) string {
	if v >= 1e9 || v > 0 && v < 1e-9 {
		return strconv.FormatFloat(v, 'g', 3, 64)
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

func sameSchedule(a, b train.Config) bool {
	return a.EtaMin == b.EtaMin && a.EtaMax == b.EtaMax && a.NS == b.NS && a.Cycles == b.Cycles
}

// schedule returns the learning rate at the ends and turning points and at nine
// steps between, of the first hundred cycles.
func schedule(c train.Config) []figure.Point {
	points := []figure.Point{}
	for i := range 20*min(c.Cycles, 100) + 1 {
		t := i * c.NS / 10
		if eta := c.Eta(t); i == 0 || float64(t) > points[len(points)-1].X {
			points = append(points, figure.Point{X: float64(t), Y: eta, Low: eta, High: eta, N: 1})
		}
	}
	return points
}
