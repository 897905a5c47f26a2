package report

import (
	"fmt"
	"slices"
	"strings"

	"bnlab/train"
	"bnlab/train/report/figure"
	"bnlab/train/vary"
)

// drawing is a figure of a run.
type drawing struct {
	figure.Chart
	run *Run
}

// distinct returns the charts with titles and names that differ: where two runs have a
// figure of one title, each says in which settings its run differs from the others.
func distinct(drawn []drawing) []figure.Chart {
	charts := make([]figure.Chart, len(drawn))
	for i, d := range drawn {
		charts[i] = d.Chart
		var others []*Run
		for _, o := range drawn {
			if o.Title == d.Title && o.run != d.run {
				others = append(others, o.run)
			}
		}
		if len(others) == 0 {
			continue
		}
		what := differences(d.run, others)
		charts[i].Title += ", " + strings.Join(what, " ")
		charts[i].Name += "-" + slug(strings.Join(what, "-"))
	}
	seen := map[string]int{}
	for i, c := range charts {
		if seen[c.Name]++; seen[c.Name] > 1 {
			charts[i].Name = fmt.Sprintf("%s-%d", c.Name, seen[c.Name])
		}
	}
	return charts
}

// differences returns the settings of a run, as batch=50, in which others differ; the
// run's name if none does.
func differences(r *Run, others []*Run) (what []string) {
	for _, name := range vary.Fields() {
		own := settingIn(r, name)
		if own != "" && slices.ContainsFunc(others, func(o *Run) bool { return settingIn(o, name) != own }) {
			what = append(what, name+"="+own)
		}
	}
	if len(what) == 0 {
		return []string{r.Name}
	}
	return what
}

// settingIn returns the value of a field in all trials of a run; empty if it varies, and
// for the seed.
func settingIn(r *Run, name string) string {
	value := func(c train.Config) string { return vary.ValueOf(c, name) }
	first := value(r.Plan.Trials[0].Config)
	for _, t := range r.Plan.Trials {
		if name == "seed" || value(t.Config) != first {
			return ""
		}
	}
	return first
}

// shareAxes gives figures of the same quantity the same range, so that they can be
// compared, unless that would make one of them flat.
func shareAxes(charts []figure.Chart) {
	const flat = 4 // times its own range
	own := slices.Clone(charts)
	for i := range charts {
		y := &charts[i].Y
		low, high := y.Min, y.Max
		for _, c := range own {
			if c.Y.Label == y.Label && c.X.Label == own[i].X.Label && !c.Y.Log {
				low, high = min(low, c.Y.Min), max(high, c.Y.Max)
			}
		}
		if !y.Log && high-low <= flat*(y.Max-y.Min) {
			y.Fit([]float64{low, high}, true)
		}
	}
}
