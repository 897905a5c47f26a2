package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"bnlab/train"
	"bnlab/train/experiment"
	"bnlab/train/message"
)

// Charts returns the figures for which there are records, each with a name of its
// own.
func (s *Study) Charts() []Chart {
	var charts []Chart
	for _, r := range s.Runs {
		if !isLambda(r) {
			charts = append(charts, lossCharts(r)...)
		}
	}
	for _, search := range searches(s.Runs) {
		charts = append(charts, lambdaChart(search.trials, search.final)...)
	}
	for _, r := range s.Runs {
		if r.Stage == "" && isLambda(r) {
			charts = append(charts, lambdaChart([]*Run{r}, nil)...)
		}
		charts = append(charts, sigmaChart(r)...)
	}
	charts = append(charts, scheduleChart(s.Runs)...)
	uniqueNames(charts)
	return charts
}

func uniqueNames(charts []Chart) {
	seen := map[string]int{}
	for i, c := range charts {
		if seen[c.Name]++; seen[c.Name] > 1 {
			charts[i].Name = fmt.Sprintf("%s-%d", c.Name, seen[c.Name])
		}
	}
}

// isLambda tells whether the run compares values of λ.
func isLambda(r *Run) bool {
	return r.Stage != "" || strings.HasPrefix(r.Plan.Trials[0].Group, "lambda=")
}

// lambdaChart returns validation accuracy against λ of the stages of a search,
// the best λ marked, and the published one where the networks are the study's;
// none where no trial of them has a result, or final is all there is.
func lambdaChart(stages []*Run, final *Run) []Chart {
	if len(stages) == 0 {
		return nil
	}
	panel, config := Panel{}, stages[0].Plan.Trials[0].Config
	if asStudied(config) && !stages[0].otherData() {
		panel.Lines = []Line{{Name: "published best λ = 10^−2.298", Vertical: true, At: math.Pow(10, publishedLog10Lambda)}}
	}
	looks := []Series{{Color: 0, Mark: "circle", Spread: "bars"}, {Color: 2, Mark: "triangle", Spread: "bars"}}
	best, none := Spot{}, ""
	for i, r := range stages {
		s := looks[i%len(looks)]
		s.Name = strings.TrimSpace(r.Stage + " search")
		s.Points = accuracySpots(r, lambdaOf, valAcc)
		for _, p := range s.Points {
			if p.Y > best.Y {
				best = p
			}
		}
		all := len(s.Points)
		if s.Points = aboveZero(s.Points); len(s.Points) < all {
			none = " · λ = 0 is in the table, not on this axis"
		}
		if len(s.Points) > 0 {
			panel.Series = append(panel.Series, s)
		}
	}
	if len(panel.Series) == 0 {
		return nil
	}
	searched := panel.Series
	best.Low, best.High = best.Y, best.Y
	if final != nil {
		if spots := aboveZero(accuracySpots(final, lambdaOf, valAcc)); len(spots) > 0 {
			name := fmt.Sprintf("final networks, %s", nText(spots[0].N))
			panel.Series = append(panel.Series, Series{Name: name, Color: 5, Mark: "diamond", Spread: "bars", Points: spots})
		}
	}
	if best.X > 0 {
		panel.Series = append(panel.Series, Series{
			Name: "best: λ = " + power(fmt.Sprintf("%.3f", math.Log10(best.X))), Color: 1, Mark: "star", Points: []Spot{best}})
	}
	c := Chart{
		Name: "lambda", Title: "Validation accuracy against λ, " + networkName(len(config.Hidden)+1, config.BN),
		Subtitle: subtitle(stages[0], []Panel{{Series: searched}}) + none, Panels: []Panel{panel},
		X: Axis{Label: "λ of the L2 term (log scale)", Name: "λ", Log: true},
		Y: Axis{Label: "validation accuracy (%)", Name: "validation accuracy", Unit: " %", Digits: 2},
	}
	c.fit()
	return []Chart{c}
}

// networkName names a kind of network.
func networkName(layers int, bn bool) string {
	name := fmt.Sprintf("%d-layer network", layers)
	if bn {
		name += " with batch normalisation"
	}
	return name
}

// sigmaChart returns test accuracy against σ, with and without batch
// normalisation; none where the run is no sweep over σ.
func sigmaChart(r *Run) []Chart {
	if !strings.HasPrefix(r.Plan.Trials[0].Group, "sigma=") {
		return nil
	}
	looks := []struct {
		bn         bool
		mean, dots Series
	}{
		{true, Series{Name: "with BN, mean ± std", Color: 0, Dash: "solid", Mark: "circle", Spread: "bars", Shift: -1},
			Series{Name: "with BN, single seeds", Color: 0, Mark: "dot", Shift: -3}},
		{false, Series{Name: "without BN, mean ± std", Color: 1, Dash: "dash", Mark: "square", Spread: "bars", Shift: 1},
			Series{Name: "without BN, single seeds", Color: 1, Mark: "dot", Shift: 3}},
	}
	panel := Panel{Lines: []Line{{Name: "chance, 10 %", At: 10}}}
	for _, look := range looks {
		of := func(g experiment.Group) (float64, bool) { return g.Config.Sigma, g.Config.BN == look.bn }
		look.mean.Points = aboveZero(accuracySpots(r, of, testAcc))
		if len(look.mean.Points) == 0 {
			continue
		}
		look.dots.Points = aboveZero(single(r, of, testAcc))
		panel.Series = append(panel.Series, look.mean, look.dots)
	}
	if len(panel.Series) == 0 {
		return nil
	}
	c := Chart{
		Name: "sigma", Title: "Test accuracy against σ of the initial weights", Subtitle: subtitle(r, []Panel{panel}), Panels: []Panel{panel},
		X: Axis{Label: "σ of the initial weights (log scale)", Name: "σ", Log: true},
		Y: Axis{Label: "test accuracy (%)", Name: "test accuracy", Unit: " %", Digits: 2},
	}
	c.fit()
	c.Y.fit([]float64{0, c.Y.Max}, true)
	return []Chart{c}
}

// accuracySpots returns mean and standard deviation of an accuracy, in percent,
// for each group that of places at an x, in the order of x.
func accuracySpots(r *Run, of func(experiment.Group) (float64, bool), accuracy func(experiment.Group) experiment.Spread) []Spot {
	spots := []Spot{}
	for _, g := range r.Summary.Groups {
		if x, ok := of(g); ok && len(accuracy(g).Values) > 0 {
			spots = append(spots, spotOf(x, accuracy(g).Values, 100))
		}
	}
	slices.SortStableFunc(spots, byX)
	return spots
}

// single is accuracySpots with a spot for each trial.
func single(r *Run, of func(experiment.Group) (float64, bool), accuracy func(experiment.Group) experiment.Spread) []Spot {
	spots := []Spot{}
	for _, g := range r.Summary.Groups {
		if x, ok := of(g); ok {
			for _, v := range accuracy(g).Values {
				spots = append(spots, spotOf(x, []float64{v}, 100))
			}
		}
	}
	slices.SortStableFunc(spots, byX)
	return spots
}

// aboveZero returns the spots that have a place on a logarithmic axis.
func aboveZero(spots []Spot) []Spot {
	return slices.DeleteFunc(slices.Clone(spots), func(s Spot) bool { return s.X <= 0 })
}

func byX(a, b Spot) int { return cmp.Compare(a.X, b.X) }

func lambdaOf(g experiment.Group) (float64, bool) { return g.Config.Lambda, true }

func valAcc(g experiment.Group) experiment.Spread { return g.ValAcc }

func testAcc(g experiment.Group) experiment.Spread { return g.TestAcc }

// scheduleChart returns the learning rates of all different schedules.
func scheduleChart(runs []*Run) []Chart {
	var configs []train.Config
	for _, r := range runs {
		for _, t := range r.Plan.Trials {
			if !slices.ContainsFunc(configs, func(c train.Config) bool { return sameSchedule(c, t.Config) }) {
				configs = append(configs, t.Config)
			}
			if len(configs) > len(palette) {
				return nil // a sweep over schedules: nothing a figure could show
			}
		}
	}
	var panel Panel
	dashes := []string{"solid", "dash", "dot"}
	for i, c := range configs {
		panel.Series = append(panel.Series, Series{
			Name:  fmt.Sprintf("n_s = %d, %s, η from %s to %s", c.NS, message.Count(c.Cycles, "cycle"), plain(c.EtaMin), plain(c.EtaMax)),
			Color: i % len(palette), Dash: dashes[i%len(dashes)], Points: schedule(c),
		})
	}
	c := Chart{
		Name: "schedule", Title: "Learning rate against update step", Panels: []Panel{panel},
		Subtitle: "cyclical learning rate: n_s steps up, n_s steps down",
		X:        Axis{Label: "update step", Name: "step"}, Y: Axis{Label: "learning rate η", Name: "η", Digits: 5},
	}
	c.fit()
	return []Chart{c}
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
func schedule(c train.Config) []Spot {
	spots := []Spot{}
	for i := range 20*min(c.Cycles, 100) + 1 {
		t := i * c.NS / 10
		if eta := c.Eta(t); i == 0 || float64(t) > spots[len(spots)-1].X {
			spots = append(spots, Spot{X: float64(t), Y: eta, Low: eta, High: eta, N: 1})
		}
	}
	return spots
}
