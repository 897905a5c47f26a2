package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"bnlab/train"
	"bnlab/train/experiment"
	"bnlab/train/report/figure"
)

// maxDetailed is the number of kinds up to which their accuracies and costs are drawn
// beside their losses.
const maxDetailed = 4

// kindCharts returns the curves of each kind of network or weights in a run, with and
// without batch normalisation side by side. The losses come first: figures 2 to 6 of the
// study. If there are very many kinds it draws the first.
func kindCharts(r *Run) (charts []figure.Chart) {
	kinds := slices.DeleteFunc(kindsOf(r.Summary.Groups), func(k *kind) bool { return len(r.curves[k.key]) == 0 })
	for _, pair := range [][2]string{{"train-loss", "val-loss"}, {"train-acc", "val-acc"}, {"train-cost", "val-cost"}} {
		if len(kinds) > maxDetailed && len(charts) > 0 {
			break
		}
		for _, k := range kinds {
			charts = append(charts, kindChart(r, k, pair))
		}
	}
	return charts
}

// kindChart draws a pair of curves, of training and of validation, of one kind, and those of
// validation with other statistics of batch normalisation.
func kindChart(r *Run, k *kind, pair [2]string) figure.Chart {
	look := families[evaluated[pair[0]].family]
	var panels []figure.Panel
	var all []figure.Series
	for _, g := range k.groups {
		p := figure.Panel{Title: panelTitle(g), Series: []figure.Series{
			evaluated[pair[0]].series(r.curves.of(g.Config), figure.Series{Color: 0, Dash: "solid"}),
			evaluated[pair[1]].series(r.curves.of(g.Config), figure.Series{Color: 1, Dash: "dash"}),
		}}
		for i, kind := range train.Kinds {
			if other, ok := evaluated[pair[1]+"-"+string(kind)]; ok {
				if s := other.series(r.curves.of(g.Config), figure.Series{Color: 2 + i, Dash: "dot"}); len(s.Points) > 0 {
					p.Series = append(p.Series, s)
				}
			}
		}
		panels, all = append(panels, p), append(all, p.Series...)
	}
	c := figure.Chart{
		Name:     strings.TrimSuffix(look.slug+"-"+slug(k.name()), "-"),
		Title:    strings.TrimSuffix(look.title+" against update step, "+longName(r, k), ", "),
		Subtitle: subtitle(r, all...), Panels: panels,
		X: stepAxis, Y: ofLoss(look.axis, k.groups),
	}
	c.Y.Log = evaluated[pair[0]].family != accuracies && figure.NeedsLog(all)
	keepAboveZero(c.Y.Log, all)
	c.Fit()
	c.X.Fit([]float64{0, c.X.Max}, false)
	return c
}

// panelTitle says what the panel of a group is of, and how it ended.
func panelTitle(g experiment.Group) string {
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
	return title
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

// longName names a kind for a title.
func longName(r *Run, k *kind) string {
	name := k.name()
	switch {
	case r.single():
		return networkName(len(k.groups[0].Config.Hidden)+1, false)
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
