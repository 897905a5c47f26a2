package study

import (
	"slices"
	"strings"

	"bnlab/train/contrast"
	"bnlab/train/experiment"
)

// Contrast is the difference between two values of an axis, paired by seed.
type Contrast struct {
	Of        string    `json:"of"`
	Values    [2]string `json:"values"` // the difference is the first less the second
	At        string    `json:"at"`     // the values of the other axes; empty where there are none
	Metric    string    `json:"metric"`
	N         int       `json:"n"`          // pairs
	LostPairs int       `json:"lost_pairs"` // whose difference is unknown
	Lost      []string  `json:"lost"`       // trials without the number: diverged, failed, paused or missing, so that their pairs are lost

	Diff   *float64    `json:"diff"` // mean; null without a pair
	CI     *[2]float64 `json:"ci"`   // 95 % confidence interval; null for less than two pairs
	P      *float64    `json:"p"`    // of the paired t test
	PHolm  *float64    `json:"p_holm"`
	PExact *float64    `json:"p_exact"`                // of the sign-flip test
	Least  *float64    `json:"p_exact_least"`          // that so many pairs can reach
	Seeds  *int        `json:"seeds_for_half_a_point"` // whose confidence interval reaches half a point to each side; null for losses
}

// Compare returns the contrasts of an experiment from its Trials and their outcomes, in
// the same order. The p values are corrected over all of them.
func (e *Experiment) Compare(trials []experiment.Trial, outcomes []experiment.Outcome) []Contrast {
	results := make([]result, len(trials))
	for i := range results {
		results[i] = result{trials[i], outcomes[i]}
	}
	all := []Contrast{}
	for _, c := range e.Contrast {
		all = append(all, e.along(e.axisOf(c.Of), c, results)...)
	}
	var ps []float64
	for _, c := range all {
		if c.P != nil {
			ps = append(ps, *c.P)
		}
	}
	corrected := contrast.Holm(ps)
	for i := range all {
		if all[i].P != nil {
			all[i].PHolm, corrected = &corrected[0], corrected[1:]
		}
	}
	return all
}

// axisOf returns the index of the axis on which a field, or fields in the order of a zip,
// vary; −1 for none.
func (e *Experiment) axisOf(name string) int {
	return slices.IndexFunc(e.Vary.Axes, func(a Axis) bool {
		return slices.Contains(a.Fields, name) || strings.Join(a.Fields, " ") == name
	})
}

// along returns the contrasts of an axis at each point of the others.
func (e *Experiment) along(axis int, c Compared, results []result) (all []Contrast) {
	axes, seeds := e.Vary.Axes, len(e.Seeds)
	stride, points := 1, 1
	for i, a := range axes {
		points *= len(a.Points)
		if i > axis {
			stride *= len(a.Points)
		}
	}
	n := len(axes[axis].Points)
	baseline := baselineOf(axes[axis])
	for first := range points {
		if first/stride%n != 0 {
			continue // not at the first value of the axis
		}
		for value := range n {
			if value == baseline {
				continue
			}
			of := func(v int) []result {
				from := (first + v*stride) * seeds
				return results[from : from+seeds]
			}
			d := Contrast{Of: c.Of, Metric: c.Metric, At: e.others(axis, first)}
			d.Values = [2]string{labelOf(axes[axis], value), labelOf(axes[axis], baseline)}
			d.pair(of(value), of(baseline), metrics[c.Metric])
			all = append(all, d)
		}
	}
	return all
}

// baselineOf returns the index of the value that others are compared with: the first, or
// false.
func baselineOf(a Axis) int {
	if len(a.Points) == 2 && a.Points[0].Settings[0].Value.Text == "true" {
		return 1 // what a switch adds
	}
	return 0
}

// labelOf names a value of an axis where its label is empty too.
func labelOf(a Axis, i int) string {
	if p := a.Points[i]; p.Label == "" {
		return a.Fields[0] + "=" + p.Settings[0].Value.Text
	}
	return a.Points[i].Label
}

// others names the point of the axes beside one.
func (e *Experiment) others(axis, point int) string {
	var labels []string
	for i, a := range slices.Backward(e.Vary.Axes) {
		if p := a.Points[point%len(a.Points)]; i != axis && p.Label != "" {
			labels = append(labels, p.Label)
		}
		point /= len(a.Points)
	}
	slices.Reverse(labels)
	return strings.Join(labels, " ")
}

// pair takes the differences of trials of the same seed, and returns them.
func (d *Contrast) pair(a, b []result, metric func(experiment.Outcome) (float64, bool)) (diffs []float64) {
	d.Lost = []string{}
	for i := range a {
		x, okX := a[i].number(metric)
		y, okY := b[i].number(metric)
		if okX && okY {
			diffs = append(diffs, x-y)
			continue
		}
		d.LostPairs++
		if !okX {
			d.Lost = append(d.Lost, a[i].trial.ID)
		}
		if !okY {
			d.Lost = append(d.Lost, b[i].trial.ID)
		}
	}
	if d.N = len(diffs); d.N == 0 {
		return nil
	}
	p := contrast.Of(diffs)
	d.Diff = &p.Diff
	if d.N < 2 {
		return diffs
	}
	least := contrast.LeastExact(d.N)
	d.CI, d.P, d.PExact, d.Least = &[2]float64{p.Low, p.High}, &p.P, &p.PExact, &least
	if strings.HasSuffix(d.Metric, "-acc") {
		seeds := contrast.Seeds(p.Std, 0.005)
		d.Seeds = &seeds
	}
	return diffs
}
