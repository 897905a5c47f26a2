package report

import (
	"fmt"
	"slices"
	"strconv"

	"bnlab/train"
	"bnlab/train/document"
	"bnlab/train/experiment"
	"bnlab/train/message"
	"bnlab/train/report/figure"
)

// Charts returns the figures for which there are records, each with a unique name.
func (s *Study) Charts() []figure.Chart {
	var drawn []drawing
	add := func(r *Run, charts []figure.Chart) {
		for _, c := range charts {
			drawn = append(drawn, drawing{c, r})
		}
	}
	for _, q := range s.Questions {
		add(q.runs[0], q.charts())
	}
	for _, r := range s.Runs {
		if !r.searched() && !s.figuresAsked(r) {
			add(r, kindCharts(r))
		}
		if !r.searched() {
			add(r, landscapeCharts(r))
		}
	}
	for _, search := range searches(s.Runs) {
		if tried := search.trials(); len(tried) > 0 {
			add(tried[0], searchChart(tried, search["final"]))
		}
	}
	for _, r := range s.Runs {
		if r.Stage == "" && r.searched() {
			add(r, searchChart([]*Run{r}, nil))
		}
		add(r, sigmaChart(r))
	}
	charts := distinct(drawn)
	shareAxes(charts)
	free := slices.DeleteFunc(slices.Clone(s.Runs), s.figuresAsked)
	return append(charts, scheduleChart(free)...)
}

// figuresAsked reports whether the study of a run says which figures it wants.
func (s *Study) figuresAsked(r *Run) bool { return r.part != nil && len(r.part.Figures) > 0 }

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
		X: fieldAxis("sigma", true), Y: quantities["test-acc"].axis,
		Panels: []figure.Panel{{Series: series, Lines: []figure.Line{{Name: "chance, 10 %", At: 10}}}},
	}
	c.Fit()
	c.Y.Fit([]float64{0, c.Y.Max}, true)
	return []figure.Chart{c}
}

// sigmaSeries returns the means of the networks with or without batch normalisation, in
// the given style, with their single seeds beside them; none without a result.
func sigmaSeries(r *Run, bn bool, name string, means figure.Series) []figure.Series {
	groups := slices.DeleteFunc(slices.Clone(r.Summary.Groups), func(g experiment.Group) bool { return g.Config.BN != bn })
	sigma := func(g experiment.Group) float64 { return g.Config.Sigma }
	means.Name, means.Spread, means.Points = name+", mean ± std", "bars", aboveZero(groupPoints(groups, quantities["test-acc"], sigma))
	if len(means.Points) == 0 {
		return nil
	}
	seeds := figure.Series{Name: name + ", single seeds", Color: means.Color, Mark: "dot", Shift: 5 * means.Shift}
	seeds.Points = aboveZero(seedPoints(groups, quantities["test-acc"], sigma))
	return []figure.Series{means, seeds}
}

// scheduleChart returns the learning rates of all different schedules.
func scheduleChart(runs []*Run) []figure.Chart {
	var configs []train.Config
	if len(runs) == 0 {
		return nil
	}
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
			Name:  scheduleName(c),
			Color: i, Dash: []string{"solid", "dash", "dot"}[i%3], Points: schedule(c),
		})
	}
	subtitle := "cyclical learning rate: n_s steps up, n_s steps down"
	if slices.ContainsFunc(configs, func(c train.Config) bool { return !c.IsOff("schedule") }) {
		subtitle = "cyclical: n_s steps up, n_s steps down; others in as many steps"
	}
	c := figure.Chart{
		Name: "schedule", Title: "Learning rate against update step", Panels: []figure.Panel{{Series: series}},
		Subtitle: subtitle,
		X:        figure.Axis{Label: "update step", Name: "step"}, Y: figure.Axis{Label: "learning rate η", Name: "η", Digits: 5},
	}
	c.Fit()
	return []figure.Chart{c}
}

// scheduleName names the schedule of a configuration by all that makes it.
func scheduleName(c train.Config) string {
	name := fmt.Sprintf("n_s = %d, %s, η from %s to %s", c.NS, message.Count(c.Cycles, "cycle"), plain(c.EtaMin), plain(c.EtaMax))
	study := train.Default()
	study.Scheduling = c.Scheduling
	for _, option := range study.Options() {
		name += ", " + document.Hyphened(option)
	}
	return name
}

// plain writes v without an exponent, unless it is very large or small.
func plain(v float64) string {
	if v >= 1e9 || v > 0 && v < 1e-9 {
		return strconv.FormatFloat(v, 'g', 3, 64)
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

func sameSchedule(a, b train.Config) bool {
	return a.EtaMin == b.EtaMin && a.EtaMax == b.EtaMax && a.NS == b.NS && a.Cycles == b.Cycles && a.Scheduling == b.Scheduling
}

// schedule returns the learning rate at the ends and turning points and at nine
// steps between, of the first hundred cycles.
func schedule(c train.Config) []figure.Point {
	points := []figure.Point{}
	for i := range 10*min(c.Steps()/c.NS, 200) + 1 {
		t := i * c.NS / 10
		if eta := c.Eta(t); i == 0 || float64(t) > points[len(points)-1].X {
			points = append(points, figure.Point{X: float64(t), Y: eta, Low: eta, High: eta, N: 1})
		}
	}
	return points
}
