package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"bnlab/train/experiment"
	"bnlab/train/report/figure"
	"bnlab/train/study"
	"bnlab/train/vary"
)

// charts returns the figures that the question asks for, or one that its axes suggest.
func (q *Question) charts() (charts []figure.Chart) {
	asked := q.Figures
	if len(asked) == 0 {
		asked = q.suggested()
	}
	for _, f := range asked {
		for _, rest := range q.rests(f) {
			if len(charts) == maxCurveCharts {
				return charts
			}
			if len(f.Curves) > 0 {
				charts = append(charts, rest.curveCharts(f)...)
			} else if c, ok := rest.axisChart(f); ok {
				charts = append(charts, c)
			}
		}
	}
	return charts
}

// suggested returns the figure of a question that asks for none: the numeric axis with the
// most values lies horizontally, and others are lines and panels.
func (q *Question) suggested() []study.Figure {
	const least, lines, panels = 2, 2 * figure.Colors, 4
	var x vary.Axis
	for _, a := range q.Vary.Axes {
		if q.onAxis(a) && len(a.Points) >= max(least, len(x.Points)+1) {
			x = a
		}
	}
	if x.Fields == nil || q.Search != nil || q.runs[0].searched() || q.runs[0].overSigma() {
		return nil // which has figures of its own
	}
	f := study.Figure{X: x.Fields[0], Y: "test-acc"}
	for _, a := range q.Vary.Axes {
		switch n := len(a.Points); {
		case a.Fields[0] == x.Fields[0] || n < 2:
		case f.Line == "" && n <= lines:
			f.Line = a.Fields[0]
		case f.Panel == "" && n <= panels:
			f.Panel = a.Fields[0]
		}
	}
	return []study.Figure{f}
}

// onAxis reports whether the values of an axis of the question are numbers.
func (q *Question) onAxis(a vary.Axis) bool { return q.Vary.Draw == nil && a.IsNumeric() }

// rest is the groups of a question that stand at one point of the axes that a figure does
// not show.
type rest struct {
	*Question
	at     string // names the point; empty if the figure shows all axes
	groups []experiment.Group
	places [][]int // where on the axes each group stands
}

// rests divides the groups by the axes that a figure does not show.
func (q *Question) rests(f study.Figure) (rests []*rest) {
	shown := map[int]bool{}
	for _, name := range []string{f.X, f.Line, f.Panel} {
		shown[q.Vary.Axis(name)] = name != ""
	}
	byName := map[string]*rest{}
	for i, place := range q.places() {
		var labels []string
		outside := false
		for j, a := range q.Vary.Axes {
			outside = outside || place[j] < 0 && len(a.Points) > 0
			if !shown[j] && place[j] >= 0 && len(a.Points) > 1 {
				labels = append(labels, a.Label(place[j]))
			}
		}
		if outside {
			continue // of a plan that has grown beyond the question
		}
		at := strings.Join(labels, " ")
		if byName[at] == nil {
			byName[at] = &rest{Question: q, at: at}
			rests = append(rests, byName[at])
		}
		byName[at].groups, byName[at].places = append(byName[at].groups, q.groups()[i]), append(byName[at].places, place)
	}
	return rests
}

// titled is the title of a figure of the rest.
func (r *rest) titled(title string) string {
	if r.at != "" {
		title += ", " + r.at
	}
	return title
}

// part is the groups of a rest that stand at a value of an axis.
func (r *rest) part(axis, value int) *rest {
	p := &rest{Question: r.Question, at: r.at}
	for i, place := range r.places {
		if axis < 0 || place[axis] == value {
			p.groups, p.places = append(p.groups, r.groups[i]), append(p.places, place)
		}
	}
	return p
}

// along returns the parts of a rest along an axis, and their labels; without an axis the
// whole, without a label.
func (r *rest) along(name string) (parts []*rest, labels []string) {
	a, ok := r.axis(name)
	if !ok {
		return []*rest{r}, []string{""}
	}
	at := r.Vary.Axis(name)
	for value := range a.Points {
		parts, labels = append(parts, r.part(at, value)), append(labels, a.Label(value))
	}
	return parts, labels
}

// axisChart draws a quantity against an axis; false without a result.
func (r *rest) axisChart(f study.Figure) (figure.Chart, bool) {
	y := quantities[f.Y]
	at, x := r.Vary.Axis(f.X), r.Vary.Axes[r.Vary.Axis(f.X)]
	position := func(p *rest) func(experiment.Group) float64 {
		return func(g experiment.Group) float64 {
			if x.IsNumeric() || x.Range != nil {
				return vary.Number(g.Config, x.Fields[0])
			}
			i := slices.IndexFunc(p.groups, func(o experiment.Group) bool { return o.Name == g.Name })
			return float64(p.places[i][at])
		}
	}
	c := figure.Chart{Name: slug(strings.Join(append([]string{f.Y, f.X}, strings.Fields(r.at)...), "-")),
		Title: r.titled(capital(y.axis.Name) + " against " + axisTitle(x)), Y: ofLoss(y.axis, r.groups)}
	panels, titles := r.along(f.Panel)
	var all []figure.Series
	for i, p := range panels {
		panel := figure.Panel{Title: titles[i]}
		lines, names := p.along(f.Line)
		for j, line := range lines {
			s := styled(j, len(lines))
			s.Name, s.Points = cmp.Or(names[j], y.axis.Name), groupPoints(line.groups, y, position(line))
			if len(s.Points) > 0 {
				panel.Series = append(panel.Series, s)
			}
		}
		all = append(all, panel.Series...)
		c.Panels = append(c.Panels, panel)
	}
	if len(all) == 0 {
		return c, false
	}
	c.Subtitle = subtitle(r.runs[0], all...) + r.lost()
	c.X = r.horizontal(x, all)
	c.Fit()
	if !x.IsNumeric() && x.Range == nil {
		c.X = namesAxis(x)
	}
	return c, true
}

// horizontal is the axis along which a field varies, logarithmic where its range is, or
// where listed values need it.
func (r *rest) horizontal(x vary.Axis, all []figure.Series) figure.Axis {
	log := logarithmic(all)
	if x.Range != nil {
		log = x.Range.Scale == "log"
	}
	return fieldAxis(x.Fields[0], log)
}

// lost says how many trials have no result, and are therefore in no mean.
func (r *rest) lost() string {
	diverged, failed := 0, 0
	for _, g := range r.groups {
		diverged, failed = diverged+g.Diverged, failed+g.Failed
	}
	text := ""
	if diverged > 0 {
		text += fmt.Sprintf(" · without %d diverged", diverged)
	}
	if failed > 0 {
		text += fmt.Sprintf(" · without %d failed", failed)
	}
	return text
}

// styled is the style of a line by its place among several: the same in all figures of a
// study.
func styled(i, of int) figure.Series {
	marks := []string{"circle", "square", "triangle", "diamond"}
	dashes := []string{"solid", "dash", "dot"}
	return figure.Series{
		Color: i % figure.Colors, Mark: marks[(i+i/figure.Colors)%len(marks)], Dash: dashes[i/figure.Colors%len(dashes)],
		Spread: "bars", Shift: min(max(2*i-of+1, -3), 3),
	}
}
