package study

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"bnlab/train"
	"bnlab/train/document"
	"bnlab/train/experiment"
	"bnlab/train/message"
	"bnlab/train/vary"
)

// Trials returns the trials of an experiment of a checked study, of a search those of its
// first stage: the product of its axes, the last one fastest, and within it the seeds. A
// group is named by what varies alone.
func (e *Experiment) Trials() []experiment.Trial { return slices.Clone(e.trials) }

// firstTrials makes the trials of the first stage.
func (e *Experiment) firstTrials() ([]experiment.Trial, error) {
	if e.Search == nil {
		return e.trialsOf(e.Vary, e.Seeds)
	}
	return e.trialsAt(Coarse, e.Search.grid, e.Seeds)
}

// trialsAt returns the trials of a search's stage at the values of an axis of its field.
func (e *Experiment) trialsAt(stage string, axis vary.Axis, seeds Seeds) ([]experiment.Trial, error) {
	trials, err := e.trialsOf(vary.Variation{Axes: []vary.Axis{axis}}, seeds)
	for i := range trials {
		trials[i].Config.NoTest = stage != Finals // it is not for choosing
	}
	return trials, err
}

// trialsOf makes a trial of each point of a variation and each seed.
func (e *Experiment) trialsOf(of vary.Variation, seeds Seeds) ([]experiment.Trial, error) {
	base, err := e.shared.Apply(train.Default())
	if err != nil {
		return nil, err
	}
	points, err := of.Points()
	if err != nil {
		return nil, e.errorf("%v", err)
	}
	if n := len(points) * len(seeds); n > vary.MaxTrials {
		return nil, e.errorf("%d points with %d seeds: %d trials, give at most %d", len(points), len(seeds), n, vary.MaxTrials)
	}
	var trials []experiment.Trial
	ids := map[string]bool{}
	for _, point := range points {
		c, err := configAt(base, point)
		if err != nil {
			return nil, err
		}
		group := vary.GroupName(point)
		if group == "" {
			group = e.Name
		}
		for _, seed := range seeds {
			c.Seed = seed
			if seed == seeds[0] { // what a seed can change is always right
				if err := c.Validate(); err != nil {
					return nil, e.blame(point, err)
				}
			}
			id := fmt.Sprintf("%s-seed%d", slug(group), seed)
			if len(id) > experiment.MaxName {
				return nil, e.errorf("group %.60q…: a name of %d characters; give shorter labels, or fewer axes: %d is the most", group, len(id), experiment.MaxName)
			}
			if ids[id] {
				return nil, e.errorf("two groups are named %q; give labels that differ", group)
			}
			ids[id] = true
			trials = append(trials, experiment.Trial{ID: id, Group: group, Config: c})
		}
	}
	return trials, nil
}

// configAt returns the configuration at a point.
func configAt(base train.Config, point []vary.Point) (c train.Config, err error) {
	for _, p := range point {
		if base, err = p.Settings.Apply(base); err != nil {
			return c, err
		}
	}
	return vary.Complete(base), nil
}

// slug returns a group's name as a part of the name of a folder.
func slug(group string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '.', r == '_', r == '+':
			return r
		}
		return '-'
	}, strings.ToLower(group))
}

// blame adds to what is wrong with a configuration the line that has set it so: that of
// the field that the error names, or of the experiment. Of a field that no line of the
// file has set it says nothing.
func (e *Experiment) blame(point []vary.Point, err error) error {
	field := (*message.FieldError)(nil)
	if !errors.As(err, &field) {
		return e.errorf("%v", err)
	}
	line, first := e.line, ""
	text := field.Text(func(name string) string {
		name = document.Hyphened(name)
		if first == "" {
			first = name
		}
		return name
	})
	all := slices.Clone(e.shared)
	for _, p := range point {
		all = append(all, p.Settings...)
	}
	for _, k := range all {
		if document.Hyphened(k.Name) == first {
			line = k.Line
		}
	}
	if line == 0 {
		return err
	}
	return &document.Error{Line: line, Text: text}
}
