package report

import (
	"fmt"
	"math"
	"strings"

	"bnlab/train/experiment"
	"bnlab/train/report/figure"
	"bnlab/train/study"
	"bnlab/train/vary"
)

// searchChart returns what a search chooses by against its field, with the best value
// marked, and the published λ if the networks are the study's; none if no trial has a
// result, or if there is only a final stage.
func searchChart(searched []*Run, final *Run) []figure.Chart {
	series, best, note := searchSeries(searched)
	if len(series) == 0 {
		return nil
	}
	first, config := searched[0], searched[0].Plan.Trials[0].Config
	y, symbol := quantities[first.choose], study.Symbol(first.field)
	c := figure.Chart{
		Name: first.field, Title: fmt.Sprintf("%s against %s, %s", capital(y.axis.Name), fieldTitle(first.field), networkName(len(config.Hidden)+1, config.BN)),
		Subtitle: subtitle(first, series...) + note,
		X:        fieldAxis(first.field, logarithmic(series)), Y: ofLoss(y.axis, first.Summary.Groups),
	}
	best.Low, best.High = best.Y, best.Y
	series = append(series, figure.Series{Name: fmt.Sprintf("best: %s = %s", symbol, bestText(first.field, best.X)), Color: 1, Mark: "star", Points: []figure.Point{best}})
	if final != nil { // on top, where both have the same accuracy
		if points := final.searchPoints(); len(points) > 0 {
			name := fmt.Sprintf("final networks, n = %d", points[0].N)
			series = append(series, figure.Series{Name: name, Color: 5, Mark: "diamond", Spread: "bars", Points: points})
		}
	}
	panel := figure.Panel{Series: series}
	if first.field == "lambda" && asStudied(config) && !first.otherData() {
		panel.Lines = []figure.Line{{Name: "published best λ = " + powerText(publishedLog10Lambda), Vertical: true, At: math.Pow(10, publishedLog10Lambda)}}
	}
	c.Panels = []figure.Panel{panel}
	if c.X.Log {
		for i := range series {
			series[i].Points = aboveZero(series[i].Points)
		}
	}
	c.Fit()
	return []figure.Chart{c}
}

// bestText writes λ as a power of ten, as the study does.
func bestText(field string, v float64) string {
	if field == "lambda" && v > 0 {
		return powerText(math.Log10(v))
	}
	return figure.Minus(fmt.Sprintf("%.4g", v))
}

// searchSeries returns one series per run, coarse and fine, the best point of all, and a
// note on points that cannot be on the axis.
func searchSeries(searched []*Run) (series []figure.Series, best figure.Point, note string) {
	found := false
	for i, r := range searched {
		s := []figure.Series{{Color: 0, Mark: "circle", Spread: "bars"}, {Color: 2, Mark: "triangle", Spread: "bars"}}[i]
		s.Name = strings.TrimSpace(r.Stage + " search")
		s.Points = r.searchPoints()
		for _, p := range s.Points {
			better := p.Y > best.Y
			if strings.HasSuffix(r.choose, "-loss") {
				better = p.Y < best.Y
			}
			if !found || better {
				best, found = p, true
			}
		}
		if len(s.Points) > 0 {
			series = append(series, s)
		}
	}
	if logarithmic(series) {
		for _, s := range series {
			if len(aboveZero(s.Points)) < len(s.Points) {
				note = fmt.Sprintf(" · %s = 0 is in the table, not on this axis", study.Symbol(searched[0].field))
			}
		}
	}
	return series, best, note
}

// searchPoints returns what the search chooses by, of each group with a result.
func (r *Run) searchPoints() []figure.Point {
	return groupPoints(r.Summary.Groups, quantities[r.choose], func(g experiment.Group) float64 { return vary.Number(g.Config, r.field) })
}

// capital writes a title's first letter as a capital one.
func capital(text string) string { return strings.ToUpper(text[:1]) + text[1:] }
