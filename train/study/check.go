package study

import (
	"fmt"
	"slices"
	"strings"

	"bnlab/train"
	"bnlab/train/document"
	"bnlab/train/experiment"
	"bnlab/train/message"
	"bnlab/train/vary"
)

func (e *Experiment) errorf(format string, args ...any) error {
	return &document.Error{Line: e.line, Text: fmt.Sprintf(format, args...)}
}

func (e *Experiment) checkName(names map[string]bool) error {
	if e.Name == "" || !message.Printable(e.Name) || len(e.Name) > 40 || strings.ContainsAny(e.Name, "/\\ ") || e.Name[0] == '.' {
		return e.errorf("experiment %.60q: give it a name of at most 40 characters that can be a folder's, without spaces", e.Name)
	}
	if names[e.Name] {
		return e.errorf("another experiment is named %s", e.Name)
	}
	names[e.Name] = true
	return nil
}

// checkData refuses a base whose images are not those of the study, shared.
func (e *Experiment) checkData(shared train.Config) error {
	for _, k := range e.Base {
		name := document.Hyphened(k.Name)
		if why, ok := vary.CannotVary[name]; ok && name != "seed" && !(vary.Settings{k}).Meets(shared) {
			return &document.Error{Line: k.Line, Text: name + ": " + why + " of the study"}
		}
	}
	return nil
}

// checkSearch checks what a search does not go with.
func (e *Experiment) checkSearch() error {
	if e.Search == nil {
		return nil
	}
	switch s := e.Search; {
	case len(e.Vary.Axes) > 0:
		return &document.Error{Line: s.line, Text: "search: it does not go with vary; write two experiments"}
	case len(e.Contrast) > 0:
		return &document.Error{Line: e.Contrast[0].line, Text: "contrast " + e.Contrast[0].Of + ": values that a search looks for are not compared; leave it out"}
	case len(e.Claims) > 0:
		return e.Claims[0].errorf("a search has no claims; write another experiment for them")
	case len(e.Figures) > 0:
		return e.Figures[0].errorf("a search has no figures of its own; write another experiment for them")
	case s.Final != nil && s.Final.Seeds == nil:
		return &document.Error{Line: s.line, Text: "final: give seeds"}
	}
	return nil
}

func (e *Experiment) checkContrasts() error {
	for _, c := range e.Contrast {
		if c.Than != "" {
			continue // see checkPairs
		}
		if e.Vary.Draw != nil {
			return &document.Error{Line: c.line, Text: "contrast " + c.Of + ": points that are drawn have no partners; leave draw out"}
		}
		if err := e.checkAxis("contrast", c.Of, c.line); err != nil {
			return err
		}
	}
	return nil
}

// checkPairs checks that some trials have both metrics where two are compared.
func (e *Experiment) checkPairs() error {
	for _, c := range e.Contrast {
		if c.Than != "" && !slices.ContainsFunc(e.trials, func(t experiment.Trial) bool { return c.AsksFor(t.Config) }) {
			return &document.Error{Line: c.line, Text: "contrast: no trial has " + c.Metric + " and " + c.Than + "; set statistics"}
		}
	}
	return nil
}

func (e *Experiment) checkPublished() error {
	for _, p := range e.Published {
		if e.Search == nil && !slices.ContainsFunc(e.trials, func(t experiment.Trial) bool { return p.Where.Meets(t.Config) }) {
			return &document.Error{Line: p.line, Text: "published: no group has these values; see what the experiment varies"}
		}
	}
	return nil
}

// checkAxis returns an error about the line, which begins with what, if there is no such
// axis, or it has one value.
func (e *Experiment) checkAxis(what, name string, line int) error {
	var names []string
	for _, a := range e.Vary.Axes {
		names = append(names, a.Fields...)
	}
	i := e.Vary.Axis(name)
	switch {
	case i >= 0 && len(e.Vary.Axes[i].Points) < 2:
		return &document.Error{Line: line, Text: what + " " + name + ": the axis has one value; give two or more"}
	case i >= 0:
		return nil
	case len(names) == 0:
		return &document.Error{Line: line, Text: what + " " + name + ": nothing varies"}
	}
	return &document.Error{Line: line, Text: what + " " + name + ": it does not vary" + message.DidYouMean("", name, names) + "; give " + strings.Join(names, " or ")}
}

// checkClaims checks that claims can be judged: that their axes, groups and published
// figures exist.
func (e *Experiment) checkClaims() error {
	for i := range e.Claims {
		c := &e.Claims[i]
		if err := c.check(); err != nil {
			return err
		}
		if e.Vary.Draw != nil && c.Kind != PublishedValue {
			return c.errorf("%s: points that are drawn have no partners; leave draw out", c.Name)
		}
		if err := e.checkAxes(c); err != nil {
			return err
		}
		if c.Metric == "" {
			c.Metric = "test-acc"
		}
		if !slices.ContainsFunc(e.trials, func(t experiment.Trial) bool { return c.Where.Meets(t.Config) }) {
			return c.errorf("%s: where: no group has these values; see what the experiment varies", c.Name)
		}
		if c.Kind == PublishedValue && len(e.FiguresOf(*c)) == 0 {
			return c.errorf("%s: no published figure of %s there; write it under published:", c.Name, c.Metric)
		}
	}
	return nil
}

// checkAxes checks that the axes of a claim exist and fit.
func (e *Experiment) checkAxes(c *Claim) error {
	named := map[string]string{"of": c.Of, "axis": c.Axis}
	for _, key := range []string{"of", "axis"} {
		if named[key] == "" {
			if needed := map[string]string{Difference: "of", BestOverAxis: "axis", LargestStable: "axis"}[c.Kind]; needed == key {
				return c.errorf("%s: give %s: and an axis", c.Name, key)
			}
			continue
		}
		if err := e.checkAxis("claim "+c.Name+": "+key, named[key], c.line); err != nil {
			return err
		}
		i := e.Vary.Axis(named[key])
		for _, k := range c.Where {
			if slices.Contains(e.Vary.Axes[i].Fields, document.Hyphened(k.Name)) {
				return c.errorf("%s: where: %s is the axis that is compared; leave it out", c.Name, k.Name)
			}
		}
		if key == "axis" && !e.Vary.Axes[i].IsNumeric() {
			return c.errorf("%s: axis %s: its values are no numbers", c.Name, c.Axis)
		}
		if key == "axis" && c.Of != "" && slices.ContainsFunc(e.Vary.Axes[i].Points, func(p vary.Point) bool { return p.Settings[0].Value.Text[0] == '-' }) {
			return c.errorf("%s: axis %s: values are compared by their ratio; give some above 0", c.Name, c.Axis)
		}
		if key == "axis" && c.Of != "" && slices.Contains(e.Vary.Axes[i].Fields, c.Of) {
			return c.errorf("%s: of and axis are the same", c.Name)
		}
	}
	return nil
}

// checkFigures checks that what the figures show exists.
func (e *Experiment) checkFigures() error {
	for _, f := range e.Figures {
		switch {
		case len(f.Curves) > 0 && (f.X != "" || f.Y != ""):
			return f.errorf("give either x and y, or curves")
		case len(f.Curves) == 0 && (f.X == "" || f.Y == ""):
			return f.errorf("give x, an axis, and y, a metric; or curves")
		}
		if f.Y != "" {
			if err := checkMetric(f.Y, f.line, "figure: y: "); err != nil {
				return err
			}
		}
		names := CurveNames()
		for _, name := range f.Curves {
			if !slices.Contains(names, name) {
				return f.errorf("curves: %.40q: give some of %s%s", name, strings.Join(alwaysThere(), ", "), message.DidYouMean("", name, names))
			}
		}
		if err := e.checkFigureAxes(f); err != nil {
			return err
		}
	}
	return nil
}

// checkFigureAxes checks that a figure's axes vary, each for one purpose.
func (e *Experiment) checkFigureAxes(f Figure) error {
	seen := map[int]bool{}
	for _, key := range [][2]string{{"x", f.X}, {"line", f.Line}, {"panel", f.Panel}} {
		if key[1] == "" {
			continue
		}
		if err := e.checkAxis("figure: "+key[0], key[1], f.line); err != nil {
			return err
		}
		i := e.Vary.Axis(key[1])
		if seen[i] {
			return f.errorf("%s %s: the axis is there already", key[0], key[1])
		}
		seen[i] = true
	}
	return nil
}

// FiguresOf returns the published figures that a claim is about.
func (e *Experiment) FiguresOf(c Claim) (figures []Published) {
	for _, p := range e.Published {
		if p.Of(c.Metric) != nil && slices.ContainsFunc(e.trials, func(t experiment.Trial) bool {
			return p.Where.Meets(t.Config) && c.Where.Meets(t.Config)
		}) {
			figures = append(figures, p)
		}
	}
	return figures
}

// BudgetErrorf returns an error about the budget's rungs, with their line in the study's file.
func (s *Study) BudgetErrorf(format string, args ...any) error {
	return located(s.path, &document.Error{Line: s.Budget.line, Text: "budget: " + fmt.Sprintf(format, args...)})
}
